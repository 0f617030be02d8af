"""The sample class: 102 students, each one thing; the run is held to what was worked out by hand, exactly."""

from __future__ import annotations

import csv
import fcntl
import json
from typing import TYPE_CHECKING

import pytest
import yaml

from repository import ROOT, SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

EXPECTED = yaml.safe_load((SAMPLE / "expected.yml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module", params=[pytest.param(1, marks=pytest.mark.long), 2], ids=["jobs1", "jobs2"])
def results(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> Path:
    """The results of a run with that many jobs; the processes that share out the tests of a run share them."""
    out = tmp_path_factory.getbasetemp().parent / f"sample-{testrun_uid}-{request.param}"
    with out.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not out.exists():
            grade(out, request.param)
    return out


def grade(out: Path, jobs: int) -> None:
    """Grade the whole class."""
    from grader.cli.main import main  # noqa: PLC0415

    arguments = ["grader", "--course", str(ROOT), "grade", str(SAMPLE / "submitted")]
    arguments += ["--jobs", str(jobs), "--out", str(out), "--quiet", "--no-repair"]
    arguments += ["--db", str(out.with_suffix(".sqlite"))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", arguments)
        with pytest.raises(SystemExit) as leaving:
            main()
    # One student's file has nearly an exercise's name, and is not graded: the run says so with its exit code.
    assert leaving.value.code == 1


def test_the_one_file_that_may_be_an_answer_is_told_to_its_student(results: Path) -> None:
    page = (results / "feedback" / "unknown-file" / "sigmoid.html").read_text(encoding="utf-8")
    assert "&#39;sigmoid/sigmoid_gradient.py&#39; may be one, and was not graded" in page


def exercises_of(out: Path, student: str) -> dict[str, dict]:
    reports = (json.loads(path.read_bytes()) for path in (out / "reports" / student).glob("*.json"))
    return {exercise["exercise"]: exercise for report in reports for exercise in report["exercises"]}


@pytest.mark.parametrize("student", EXPECTED)
def test_every_verdict_score_and_diagnosis_is_the_expected_one(results: Path, student: str) -> None:
    """Verdict, score and misconceptions of each exercise; verdict and points of each check that is not accepted."""
    found = {}
    for name, exercise in exercises_of(results, student).items():
        failed = {
            check["name"]: {"verdict": check["verdict"], "points": check["points"]}
            for check in exercise["checks"]
            if check["verdict"] != "ACCEPTED"
        }
        misconceptions = list(dict.fromkeys(m for check in exercise["checks"] for m in check["misconceptions"]))
        if exercise["verdict"] != "NOT_ATTEMPTED" or name in (EXPECTED[student] or {}):
            found[name] = {
                "verdict": exercise["verdict"], "score": exercise["score"], "misconceptions": misconceptions,
                "checks": failed,
            }  # fmt: skip
    wanted = {
        name: {"misconceptions": [], "checks": {}} | (expected or {})
        for name, expected in (EXPECTED[student] or {}).items()
    }
    assert found == wanted


def test_nobody_is_left_out(results: Path) -> None:
    """Every folder of submitted/ is a student of expected.yml, and has a line for every exercise of the course."""
    folders = {path.name for path in (SAMPLE / "submitted").iterdir()}
    assert folders == set(EXPECTED)
    with (results / "grades.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    # A leading dash would start a formula, so that cell has an apostrophe before it.
    students = {line["student"].removeprefix("'") for line in lines}
    exercises = {line["exercise"] for line in lines}
    assert students == folders
    assert len(lines) == len(folders) * len(exercises)


def test_feedback_shows_no_score_but_the_reports(results: Path) -> None:
    """Each feedback page belongs to a report and shows its total."""
    for path in (results / "reports").glob("*/*.json"):
        report = json.loads(path.read_bytes())
        page = (results / "feedback" / path.parent.name / f"{path.stem}.html").read_text(encoding="utf-8")
        assert f"{report['score']:g} of {report['max_score']:g} points" in page


@pytest.mark.long
def test_two_runs_write_the_same_bytes(results: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Reports and feedback of a part of the class, graded again, are the same to the byte."""
    from grader.cli.main import main  # noqa: PLC0415

    again = tmp_path_factory.mktemp("again")
    for student in ("right-loops", "no-relu-mask", "segfault", "notebook", "-dash"):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(
                "sys.argv",
                ["grader", "--course", str(ROOT), "grade", str(SAMPLE / "submitted"), f"--student={student}",
                 "--out", str(again), "--quiet", "--no-repair"],
            )  # fmt: skip
            with pytest.raises(SystemExit):
                main()
        for kind in ("reports", "feedback"):
            for path in (again / kind / student).iterdir():
                assert path.read_bytes() == (results / kind / student / path.name).read_bytes()
