"""A run replaces the results that it found a file for, and nothing else."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.cli.main import main
from grader.judging.verdicts import CheckResult, ExerciseResult, Told, Verdict
from grader.reports.report import ExerciseReport, Provenance, Report, merge, searched
from repository import ROOT, SOLUTIONS, write_course

if TYPE_CHECKING:
    from pathlib import Path

COURSE = """\
title: A small course
seed: 1
assignments:
  - {id: jacobians, title: J, exercises: [manual_jacobian, linear_layer_jacobian]}
  - {id: activations, title: A, exercises: [relu_grad]}
"""
PATHS = {"manual_jacobian": "jacobians", "linear_layer_jacobian": "jacobians", "relu_grad": "activations"}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return write_course(tmp_path / "course", COURSE)


@pytest.fixture
def grade(course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Grade a folder into one place: the scores by student and exercise, the exit code, and what was said."""

    def run(week: str, *more: str):
        command = ["grader", "--course", course, "grade", tmp_path / week, "--out", tmp_path / "out", "--quiet", *more]
        monkeypatch.setattr("sys.argv", [*map(str, command)])
        with pytest.raises(SystemExit) as leaving:
            main()
        with (tmp_path / "out" / "grades.csv").open(newline="") as file:
            scores = {(line["student"], line["exercise"]): line["score"] for line in csv.DictReader(file)}
        return scores, leaving.value.code, capsys.readouterr().err

    return run


def hand_in(week: Path, student: str, *exercises: str, source: str = "") -> None:
    for exercise in exercises:
        path = week / student / PATHS[exercise] / f"{exercise}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source or next(SOLUTIONS.glob(f"*/{exercise}.py")).read_text())


ABOUT = Provenance(seed=1, key="k", grader="g", python="p", numpy="n", isolation=(), limits={})
TOLD = Told(way=4, sentence="line 2: ...", line=2, edit="+ x")


def one(program: str, *, waits: bool, about: Provenance = ABOUT) -> Report:
    """A report on a wrong answer that waits for its search, or has been searched."""
    check = CheckResult(
        name="c", claim="", public=True, verdict=Verdict.WRONG_ANSWER, points=0.0, max_points=1.0,
        feedback="" if waits else TOLD.sentence, diagnosis=None if waits else TOLD,
    )  # fmt: skip
    result = msgspec.structs.replace(ExerciseResult.of("e", [check]), not_searched="not searched: ..." if waits else "")
    when = "2027-01-02" if waits else "2027-01-01"
    return Report.of("s", "a", [ExerciseReport.about(result, when, about, program=program)])


def test_a_search_changes_no_grade() -> None:
    """What it found in the program that was graded comes in; where that is another by now, or ran otherwise, nothing does."""
    graded = one("p", waits=True)
    assert searched(graded, one("p", waits=False)).exercises == one("p", waits=False).exercises
    stopped = msgspec.structs.replace(graded.exercises[0].checks[0], verdict=Verdict.TIME_LIMIT_EXCEEDED)
    late = ExerciseReport.about(ExerciseResult.of("e", [stopped]), "2027-01-03", ABOUT, program="p")
    for found in (one("q", waits=False), Report.of("s", "a", [late]), Report.of("s", "a", [])):
        assert searched(graded, found) == graded


def test_what_was_found_out_about_a_program_stays_with_it() -> None:
    """While it, the key and the grader are the same; when it was handed in is the later run's word."""
    merged, kept = merge(one("p", waits=False), one("p", waits=True), {}, missing_is_zero=False)
    assert (merged.exercises[0].checks[0].diagnosis, merged.exercises[0].not_searched, kept) == (TOLD, "", ())
    assert merged.submitted_at == "2027-01-02"
    other = msgspec.structs.replace(ABOUT, key="another")
    for later in (one("q", waits=True), one("p", waits=True, about=other), one("", waits=True)):
        merged, _ = merge(one("p", waits=False), later, {}, missing_is_zero=False)
        assert merged == later
    merged, _ = merge(one("p", waits=True), one("p", waits=False), {}, missing_is_zero=False)
    assert merged == one("p", waits=False)


@pytest.mark.slow
def test_this_week_s_run_keeps_last_week_s_grades(grade, tmp_path: Path) -> None:
    """Also of a student who handed in nothing this week, and of one whose folder is gone."""
    for student in ("anna", "ben", "gone"):
        hand_in(tmp_path / "w1", student, "manual_jacobian", "linear_layer_jacobian")
    before, _, _ = grade("w1")
    assert {before[each, "manual_jacobian"] for each in ("anna", "ben", "gone")} == {"5.0"}
    hand_in(tmp_path / "w2", "anna", "relu_grad")
    (tmp_path / "w2" / "ben").mkdir()
    after, code, told = grade("w2")
    assert code == 0
    assert {name: score for name, score in after.items() if name[1] != "relu_grad"} == {
        name: score for name, score in before.items() if name[1] != "relu_grad"
    }
    assert (float(after["anna", "relu_grad"]) > 0, after["ben", "relu_grad"], after["gone", "relu_grad"]) == (
        True,
        "0.0",
        "0.0",
    )
    assert "jacobians: nothing new was found of anna, ben, gone; earlier scores stay (--missing-is-zero" in told


@pytest.mark.slow
def test_a_stub_keeps_an_earlier_score_and_a_wrong_answer_replaces_it(grade, tmp_path: Path) -> None:
    for student in ("stub", "wrong"):
        hand_in(tmp_path / "w1", student, "manual_jacobian")
    grade("w1")
    stub = (ROOT / "exercises" / "jacobians" / "manual_jacobian.py").read_text()
    hand_in(tmp_path / "w2", "stub", "manual_jacobian", source=stub)
    hand_in(tmp_path / "w2", "wrong", "manual_jacobian", source="def manual_jacobian(*_):\n    return 0\n")
    scores, _, _ = grade("w2")
    assert scores["stub", "manual_jacobian"] == "5.0"
    assert scores["wrong", "manual_jacobian"] == "0.0"


@pytest.mark.slow
def test_missing_is_zero_replaces(grade, tmp_path: Path) -> None:
    hand_in(tmp_path / "w1", "anna", "manual_jacobian")
    grade("w1")
    (tmp_path / "w2" / "anna").mkdir(parents=True)
    scores, _, _ = grade("w2", "--missing-is-zero")
    assert scores["anna", "manual_jacobian"] == "0.0"


@pytest.mark.slow
def test_what_could_not_be_judged_keeps_an_earlier_score_and_is_named(grade, course: Path, tmp_path: Path) -> None:
    hand_in(tmp_path / "w1", "anna", "manual_jacobian")
    grade("w1")
    checks = course / "solutions" / "jacobians" / "manual_jacobian_checks.py"
    checks.write_text("raise RuntimeError('broken')\n")
    scores, code, told = grade("w1")
    assert scores["anna", "manual_jacobian"] == "5.0"
    assert code == 1
    assert "1 answers to manual_jacobian could not be judged; an earlier result stays" in told


@pytest.mark.slow
def test_an_exercise_that_the_course_has_dropped_leaves_the_table_by_name(grade, course: Path, tmp_path: Path) -> None:
    hand_in(tmp_path / "w1", "anna", "manual_jacobian", "relu_grad")
    grade("w1")
    (course / "course.yml").write_text(COURSE.rpartition("  - {id: activations")[0])
    scores, code, told = grade("w1")
    assert {exercise for _, exercise in scores} == {"manual_jacobian", "linear_layer_jacobian"}
    assert "no longer in the course, and so not in grades.csv: activations/relu_grad" in told
    assert code == 0


PROVENANCE = Provenance(seed=1, key="", grader="0", python="3", numpy="2", isolation=(), limits={})


def result(exercise: str, verdict: Verdict, submitted_at: str) -> ExerciseReport:
    points = float(verdict is Verdict.ACCEPTED)
    check = CheckResult(name="c", claim="c", public=True, verdict=verdict, points=points, max_points=1.0)
    return ExerciseReport.about(ExerciseResult.of(exercise, [check]), submitted_at, PROVENANCE)


results = st.dictionaries(st.sampled_from("abc"), st.sampled_from(list(Verdict)))


@given(results, results, st.booleans())
def test_merging_replaces_what_was_found_and_judged_and_nothing_else(earlier, later, missing_is_zero) -> None:
    before, after = (
        Report.of("s", "a", [result(name, verdict, time) for name, verdict in sorted(each.items())])
        for each, time in ((earlier, "2027-03-01T00:00:00Z"), (later, "2027-03-08T00:00:00Z"))
    )
    order = {name: index for index, name in enumerate("abc")}
    report, kept = merge(before, after, order, missing_is_zero=missing_is_zero)
    found = {each.exercise: each.verdict for each in report.exercises}
    assert found.keys() == earlier.keys() | later.keys()
    assert list(found) == sorted(found)
    assert report.submitted_at == max((each.submitted_at for each in report.exercises), default="")
    for name, verdict in found.items():
        assert verdict is (earlier if name in kept or name not in later else later)[name]
        if name in kept:
            assert earlier[name] is not later[name]
            assert later[name] in (Verdict.JUDGE_ERROR, Verdict.NOT_ATTEMPTED)
        if name in earlier and verdict is Verdict.JUDGE_ERROR:
            assert earlier[name] is Verdict.JUDGE_ERROR
    assert merge(report, after, order, missing_is_zero=missing_is_zero)[0] == report
