"""A run replaces the results that it found a file for, and nothing else."""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.cli.main import main
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.record.opening import open_record
from grader.record.rows import JUDGED, NOTHING_FOUND, Judgement, New
from grader.reports.report import Provenance
from repository import ROOT, SOLUTIONS, write_course

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
    assert "1 answer to manual_jacobian could not be judged; an earlier result stays" in told


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
VERDICTS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(list(Verdict)))


def new(exercise: str, verdict: Verdict, *, forced: bool, submitted_at: str) -> New:
    points = float(verdict is Verdict.ACCEPTED)
    check = CheckResult(name="c", claim="c", public=True, verdict=verdict, points=points, max_points=1.0)
    judgement = Judgement(result=ExerciseResult.of(exercise, [check]), provenance=PROVENANCE)
    return New(
        student="s", assignment="a", exercise=exercise, name="", data=None, submitted_at=submitted_at, place="",
        judgement=judgement, rank=JUDGED if forced and judgement.rank == NOTHING_FOUND else None,
    )  # fmt: skip


@pytest.mark.slow
@given(runs=st.lists(st.tuples(VERDICTS, st.booleans()), max_size=4))
@settings(max_examples=30)
def test_a_run_replaces_what_was_found_and_judged_and_nothing_else(runs) -> None:
    """A judge error never replaces a score, nor does what was not found, unless the run says so; then what is found does."""
    expected: dict[str, tuple[int, Verdict]] = {}
    with tempfile.TemporaryDirectory() as folder, open_record(Path(folder) / "r.sqlite", "T") as record:
        for number, (found, missing_is_zero) in enumerate(runs):
            time = f"2027-03-0{number + 1}T00:00:00Z"
            record.begin_run("grade", "week")
            record.add(
                [new(name, verdict, forced=missing_is_zero, submitted_at=time) for name, verdict in found.items()]
            )
            for name, verdict in found.items():
                rank = {Verdict.JUDGE_ERROR: 1, Verdict.NOT_ATTEMPTED: 2 * missing_is_zero}.get(verdict, 2)
                if rank >= expected.get(name, (0, verdict))[0]:
                    expected[name] = rank, verdict
        assert {each.exercise: (each.rank, each.result.verdict) for each in record.entries()} == expected
