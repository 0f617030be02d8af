"""The course's record as commands use it: what is known is not run again, what is written comes out of it, how grades came about."""

from __future__ import annotations

import fcntl
import json
import re
from pathlib import Path
from unittest.mock import Mock

import pytest

from grader.grading import tasks
from grader.grading.attempt import attempt
from grader.record import running

SAMPLE = Path(__file__).parents[1] / "classes" / "sample" / "submitted"
RIGHT = (SAMPLE / "right-loops" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")
TRANSPOSED = (SAMPLE / "transposed" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")
FORMATS = Path(__file__).parents[1] / "formats"

pytestmark = pytest.mark.slow


@pytest.fixture
def grade(run, course: Path, tmp_path: Path):
    """Grade the class without the search for edits: exit code, and what was said."""

    def graded(*options: object, out: str = "out"):
        return run(
            "--course", course, "grade", tmp_path / "submitted", "--out", tmp_path / out, "--no-repair", *options
        )

    return graded


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Counts the programs that are run."""
    watched = Mock(side_effect=attempt)
    monkeypatch.setattr(tasks, "attempt", watched)
    return watched


def weigh(course: Path, points: int) -> None:
    """Give the first check of manual_jacobian other points."""
    path = course / "solutions" / "jacobians" / "manual_jacobian_checks.py"
    path.write_text(re.sub(r"@check\(points=\d+", f"@check(points={points}", path.read_text(), count=1))


def files(out: Path) -> dict[str, tuple[bytes, int]]:
    """What is in a folder of results, and when it was written."""
    found = (path for path in sorted(out.rglob("*")) if path.is_file())
    return {path.relative_to(out).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def test_an_unchanged_class_runs_nothing_compiles_nothing_and_writes_nothing(
    grade, submitted, tmp_path: Path, runs: Mock, monkeypatch
) -> None:
    """Another student's copy is not run either, nor a folder of results that is made anew."""
    submitted("ann", manual_jacobian=RIGHT)
    submitted("bob", manual_jacobian=TRANSPOSED)
    assert grade().code == 0
    assert runs.call_count == 4
    before = files(tmp_path / "out")
    monkeypatch.setattr("grader.building.compiler.compile_exercise", None)
    first = grade()
    assert (first.code, runs.call_count, files(tmp_path / "out")) == (0, 4, before)
    submitted("cy", manual_jacobian=RIGHT)
    grade("--jobs", "1")
    assert runs.call_count == 4
    grade(out="again")
    assert {name: data for name, (data, _) in files(tmp_path / "again").items() if not name.startswith(".")} == {
        name: data for name, (data, _) in files(tmp_path / "out").items() if not name.startswith(".")
    }
    assert runs.call_count == 4


def test_a_changed_check_runs_that_exercise_alone(grade, course: Path, submitted, runs: Mock) -> None:
    submitted("ann", manual_jacobian=RIGHT)
    grade()
    runs.reset_mock()
    weigh(course, 7)
    grade()
    assert [call.args[1].id for call in runs.call_args_list] == ["manual_jacobian"]


def test_what_was_taken_out_of_a_folder_is_written_again(grade, submitted, tmp_path: Path, runs: Mock) -> None:
    """From the record, to the byte; and of two folders each is brought up to date when it is its turn."""
    submitted("ann", manual_jacobian=RIGHT)
    grade()
    grade(out="other")
    page = tmp_path / "out" / "feedback" / "ann" / "jacobians.html"
    before = page.read_bytes()
    page.unlink()
    submitted("ann", manual_jacobian=TRANSPOSED)
    grade(out="other")
    count = runs.call_count
    grade()
    assert page.read_bytes() != before
    assert page.read_bytes() == (tmp_path / "other" / "feedback" / "ann" / "jacobians.html").read_bytes()
    page.unlink()
    grade()
    assert (page.exists(), runs.call_count) == (True, count)


def test_pages_of_a_task_that_has_changed_are_made_again_and_nothing_is_run(
    grade, course: Path, submitted, tmp_path: Path, runs: Mock
) -> None:
    """A page shows the answer with the task as students have it by now; the reports stay as they are."""
    submitted("ann", manual_jacobian=TRANSPOSED)
    stub = course / "exercises" / "jacobians" / "manual_jacobian.py"
    stub.parent.mkdir(parents=True, exist_ok=True)
    count, reports = 0, set()
    for title in ("One task", "Another task"):
        stub.write_text(f'"""# {title}\n\nFind $J$."""\n', encoding="utf-8")
        grade()
        count = count or runs.call_count
        page = (tmp_path / "out" / "feedback" / "ann" / "jacobians.html").read_text(encoding="utf-8")
        assert f'<h2 id="manual_jacobian">{title}</h2>' in page
        assert "<mi>J</mi>" in page
        assert "def manual_jacobian" in page
        assert "<caption>yours (2, 3)</caption>" in page
        reports.add((tmp_path / "out" / "reports" / "ann" / "jacobians.json").read_bytes())
    assert (runs.call_count, len(reports)) == (count, 1)


def test_a_folder_of_results_that_another_run_writes_is_refused(
    grade, submitted, tmp_path: Path, database: Path
) -> None:
    """Before anything is graded."""
    submitted("ann", manual_jacobian=RIGHT)
    grade(out="other")
    (tmp_path / "out").mkdir()
    with (tmp_path / "out" / ".lock").open("ab") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        ran = grade()
    assert (ran.code, "another run writes its results into" in ran.err) == (2, True)
    assert not (tmp_path / "out" / "grades.csv").exists()
    assert grade().code == 0
    assert database.exists()


@pytest.mark.parametrize("name", ["report-1.json", "report-2.json"])
def test_results_of_an_earlier_version_are_taken_in_and_stay(
    run, grade, course: Path, submitted, tmp_path: Path, name: str
) -> None:
    """Refused until then; what was judged since is not replaced by it, and what was handed in is not known."""
    report = tmp_path / "out" / "reports" / "transposed" / "jacobians.json"
    report.parent.mkdir(parents=True)
    report.write_bytes((FORMATS / name).read_bytes())
    submitted("ann", manual_jacobian=RIGHT)
    ran = grade()
    assert (ran.code, f"`grader record import {tmp_path / 'out'}`" in ran.err) == (2, True)
    ran = run("--course", course, "record", "import", tmp_path / "out")
    assert (ran.code, re.findall(r"(\d+) results? added to", ran.out)) == (0, ["5" if name == "report-1.json" else "1"])
    ran = grade()
    assert (ran.code, "has results of them, which stay: transposed" in ran.err) == (0, True)
    lines = (tmp_path / "out" / "grades.csv").read_text().splitlines()
    assert any(
        line.startswith("transposed,jacobians,manual_jacobian,0.0,5.0,WRONG_ANSWER,transposed,") for line in lines
    )
    ran = run("--course", course, "explain", "transposed", "manual_jacobian")
    assert (ran.code, "and not what was handed in: name its folder with --submitted" in ran.err) == (2, True)
    submitted("transposed", manual_jacobian=RIGHT)
    grade()
    ran = run("--course", course, "record", "import", tmp_path / "out")
    assert "0 results added to" in ran.out
    ran = run("--course", course, "audit", "transposed", "manual_jacobian")
    first, gone, last = ran.out.splitlines()
    assert "nothing was found" in gone
    assert "import by" in first
    assert "results of an earlier version" in first
    assert re.search(r"5 of 5 ACCEPTED: a new answer, .*another grader; this counts$", last)


def test_where_the_record_is(run, course: Path, submitted, tmp_path: Path, monkeypatch) -> None:
    """--db before GRADER_DB before course.yml, with a variable in it, before record.sqlite in the course's folder."""
    place = submitted("ann", manual_jacobian=RIGHT)

    def made(*options: object) -> set[str]:
        before = set(tmp_path.rglob("*.sqlite"))
        ran = run("--course", course, "grade", place, "--out", tmp_path / "out", "--no-repair", *options)
        assert ran.code == 0, ran.err
        return {path.relative_to(tmp_path).as_posix() for path in set(tmp_path.rglob("*.sqlite")) - before}

    monkeypatch.setenv("GRADER_DB", str(tmp_path / "environment.sqlite"))
    assert made("--db", tmp_path / "option.sqlite") == {"option.sqlite"}
    assert made() == {"environment.sqlite"}
    monkeypatch.delenv("GRADER_DB")
    assert made() == {"course/record.sqlite"}
    settings = course / "course.yml"
    settings.write_text(settings.read_text() + "record: ${TERM_OF_THE_CLASS}.sqlite\n")
    ran = run("--course", course, "grade", place, "--out", tmp_path / "out")
    assert (ran.code, "the environment has no TERM_OF_THE_CLASS: set it, or name the record with --db" in ran.err) == (
        2,
        True,
    )
    monkeypatch.setenv("TERM_OF_THE_CLASS", "autumn")
    assert made() == {"course/autumn.sqlite"}


def test_a_renamed_course_keeps_its_record_when_it_is_told(run, grade, course: Path, submitted) -> None:
    submitted("ann", manual_jacobian=RIGHT)
    grade()
    settings = course / "course.yml"
    settings.write_text(settings.read_text().replace("A small course", "The same course"))
    ran = grade()
    assert (ran.code, "run `grader record rename`" in ran.err) == (2, True)
    ran = run("--course", course, "record", "rename")
    assert ran.out == "the record of 'A small course' is that of 'The same course' now\n"
    assert grade().code == 0


def test_of_who_handed_nothing_in_no_result_is_said_to_be_older(grade, course: Path, submitted) -> None:
    submitted("ann", manual_jacobian=RIGHT)
    submitted("bob", manual_jacobian=TRANSPOSED)
    submitted("cat", predict_jacobian_shapes=RIGHT)
    grade()
    weigh(course, 3)
    assert "note: 1 result is older" in grade("--student", "bob").err


def test_a_regrade_shows_who_would_change_and_why_and_counts_when_it_is_applied(
    run, grade, course: Path, submitted, tmp_path: Path, grades
) -> None:
    """A run on others says how many are older; nothing changes before --apply, which needs a reason and writes --out."""
    submitted("ann", manual_jacobian=RIGHT)
    submitted("bob", manual_jacobian=TRANSPOSED)
    grade()
    weigh(course, 3)
    ran = grade("--student", "bob")
    assert "note: 1 result is older than the checks, the limits or the grader" in ran.err
    ran = run("--course", course, "regrade", "--dry-run")
    assert "ann  manual_jacobian  ACCEPTED 5 of 5 -> ACCEPTED 7 of 7\n" in ran.out
    assert "ACCEPTED 1 of 1 -> ACCEPTED 3 of 3 (the check has changed)" in ran.out
    assert "1 would change, 0 the same" in ran.out
    assert grades(tmp_path / "out")["ann", "manual_jacobian"]["score"] == "5.0"
    ran = run("--course", course, "regrade", "--apply")
    assert (ran.code, "needs a reason" in ran.err) == (2, True)
    ran = run("--course", course, "regrade", "--apply", "--why", "it is the harder one", "--out", tmp_path / "out")
    assert (ran.code, "1 changed, " in ran.out) == (0, True)
    assert grades(tmp_path / "out")["ann", "manual_jacobian"]["score"] == "7.0"
    assert json.loads(run("--course", course, "regrade", "--json").out) == []
    assert "older" not in grade().err
    _, last = run("--course", course, "audit", "ann", "manual_jacobian").out.splitlines()
    assert re.search(r"regrade by \S+: it is the harder one, the checks have changed; this counts$", last)


def test_limits_that_have_changed_are_told_by_a_regrade(run, grade, course: Path, submitted) -> None:
    """Also where the clock had stopped an answer, which is of no identity."""
    submitted("ann", manual_jacobian=RIGHT)
    slow = "import time\nslept = []\n\ndef manual_jacobian(x, y):\n    slept or slept.append(time.sleep(4))\n"
    submitted("bob", manual_jacobian=RIGHT.replace("def manual_jacobian(x, y):\n", slow))
    grade()
    settings = course / "course.yml"
    settings.write_text(settings.read_text().replace("wall_seconds: 1", "wall_seconds: 30"))
    found = run("--course", course, "regrade")
    assert "bob  manual_jacobian  TIME_LIMIT_EXCEEDED 0 of 5 -> ACCEPTED 5 of 5" in found.out
    assert "(limits have changed: wall_seconds 1.0 -> 30.0)" in found.out
    assert "2 results of" in found.out
    assert "1 would change, 1 the same" in found.out


def test_a_replay_is_identical_and_names_what_it_cannot_repeat(
    run, grade, course: Path, submitted, monkeypatch
) -> None:
    """Also with a key that the course no longer compiles to, altered inputs included; a difference ends in exit code 1."""
    submitted("ann", manual_jacobian=RIGHT)
    submitted("bob", manual_jacobian="import numpy as np\ndef manual_jacobian(x, y):\n    return np.zeros((3, 2))\n")
    submitted("cy", manual_jacobian="import time\ndef manual_jacobian(x, y):\n    time.sleep(60)\n")
    grade()
    weigh(course, 4)
    path = course / "solutions" / "jacobians" / "manual_jacobian.py"
    path.write_text(path.read_text() + "\n\ndef unused(): ...\n")
    ran = run("--course", course, "audit", "--replay")
    assert (ran.code, ran.out.splitlines()) == (0, [
        "6 results: 5 identical, 0 differ, 1 not replayable",
        "  1: it was imported, stopped by the clock, or could not be judged",
    ])  # fmt: skip
    assert run("--course", course, "audit", "--replay", "2").out.startswith("2 results: ")
    with monkeypatch.context() as patch:
        patch.setattr("grader.judging.judge.describe", lambda *_, **__: "something else")
        ran = run("--course", course, "audit", "bob", "manual_jacobian", "--replay")
    assert (ran.code, "1 result: 0 identical, 1 differ, 0 not replayable" in ran.out) == (1, True)
    assert "differs: bob  manual_jacobian, result " in ran.out
    monkeypatch.setattr("grader.record.replay.exact_version", lambda: "9.9")
    ran = run("--course", course, "audit", "bob", "manual_jacobian", "--replay")
    assert re.search(r"1: it was judged with another grader: \S+, now 9\.9", ran.out)


def test_an_audit_of_nobody_says_what_to_do(run, grade, course: Path, submitted) -> None:
    ran = run("--course", course, "audit", "ann")
    assert (ran.code, "there is no record at" in ran.err) == (2, True)
    submitted("ann", manual_jacobian=RIGHT)
    grade()
    ran = run("--course", course, "audit", "anm")
    assert (ran.code, "has nothing of anm; did you mean 'ann'?" in ran.err) == (2, True)
    assert run("--course", course, "audit").code == 2


def test_a_search_changes_no_grade(run, course: Path, submitted, tmp_path: Path, monkeypatch) -> None:
    """What it finds in a program that does another thing by then is not added; nothing else of the result is touched."""
    place = submitted("bob", manual_jacobian="import numpy as np\ndef manual_jacobian(x, y):\n    return np.array([[2 * x, 1.0], [x, y], [np.exp(x), 0.0]])\n")  # fmt: skip
    arguments = ("--course", course, "grade", place, "--out", tmp_path / "out", "--quiet")
    run(*arguments, "--no-repair")
    report = tmp_path / "out" / "reports" / "bob" / "jacobians.json"
    before = json.loads(report.read_bytes())["exercises"][0]
    assert before["not_searched"]
    with monkeypatch.context() as patch:
        patch.setattr(running, "same_outcome", lambda *_: False)
        run(*arguments)
    assert json.loads(report.read_bytes())["exercises"][0] == before
    run(*arguments)
    after = json.loads(report.read_bytes())["exercises"][0]
    assert (after["score"], after["verdict"], after["not_searched"]) == (before["score"], before["verdict"], "")


def test_a_regrade_keeps_what_counts_where_nothing_better_is_known(
    run, grade, course: Path, submitted, tmp_path: Path, grades
) -> None:
    """A forced zero goes on to be one, of today's points; what cannot be judged this time stays, and the exit code is 1."""
    submitted("ann", manual_jacobian=RIGHT)
    submitted("bob", manual_jacobian=RIGHT)
    grade()
    (tmp_path / "submitted" / "bob" / "jacobians" / "manual_jacobian.py").unlink()
    grade("--missing-is-zero")
    weigh(course, 3)
    ran = run("--course", course, "regrade", "--apply", "--why", "harder", "--out", tmp_path / "out")
    assert "bob  manual_jacobian  NOT_ATTEMPTED 0 of 5 -> NOT_ATTEMPTED 0 of 7" in ran.out
    found = grades(tmp_path / "out")
    assert [(found[name, "manual_jacobian"]["score"], found[name, "manual_jacobian"]["max_score"]) for name in ("ann", "bob")] == [("7.0", "7.0"), ("0.0", "7.0")]  # fmt: skip
    settings = course / "course.yml"
    settings.write_text(settings.read_text().replace("title: A small", "imports: [not_installed_here]\ntitle: A small"))
    ran = run("--course", course, "regrade", "--apply", "--why", "again", "--out", tmp_path / "out")
    assert (ran.code, "1 could not be judged, and stay" in ran.out) == (1, True)
    assert grades(tmp_path / "out")["ann", "manual_jacobian"]["score"] == "7.0"
