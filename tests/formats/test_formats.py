"""What earlier versions wrote is read; what a newer one wrote is refused with what to do."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from grader.errors import UsageError
from grader.judging.answer_key import FORMAT as KEY_FORMAT
from grader.judging.answer_key import decode_key, encode_key
from grader.judging.verdicts import Verdict
from grader.record.database import Database
from grader.record.opening import open_record
from grader.record.rows import NOTHING_FOUND
from grader.record.schema import HEAD
from grader.reports.report import FORMAT as REPORT_FORMAT
from grader.reports.report import decode_report, encode_report

HERE = Path(__file__).parent


def test_a_report_of_the_first_format_is_read() -> None:
    """It had one provenance for all its exercises, and no times."""
    path = HERE / "report-1.json"
    old = json.loads(path.read_bytes())
    report = decode_report(path.read_bytes(), path)
    assert (report.student, report.assignment, report.score, report.max_score) == (
        old["student"], old["assignment"], old["score"], old["max_score"],
    )  # fmt: skip
    assert report.format_version == REPORT_FORMAT
    assert [each.exercise for each in report.exercises] == [each["exercise"] for each in old["exercises"]]
    first = report.exercises[0]
    assert first.provenance.key == old["provenance"]["keys"][first.exercise]
    assert first.provenance.limits == old["provenance"]["limits"][first.exercise]
    assert first.misconceptions == ("transposed",)
    assert first.verdict is Verdict.WRONG_ANSWER
    assert decode_report(encode_report(report), path) == report


def test_a_report_of_the_second_format_is_read() -> None:
    """It did not say which torch there was."""
    path = HERE / "report-2.json"
    old = json.loads(path.read_bytes())
    report = decode_report(path.read_bytes(), path)
    assert report.format_version == REPORT_FORMAT
    (exercise,) = report.exercises
    assert {**old["exercises"][0]["provenance"], "torch": ""} == json.loads(encode_report(report))["exercises"][0]["provenance"]  # fmt: skip
    assert (exercise.provenance.torch, exercise.submitted_at) == ("", old["submitted_at"])
    assert decode_report(encode_report(report), path) == report


def test_a_report_of_the_third_format_is_read() -> None:
    """It knew of no lateness: what was earned is what is left."""
    path = HERE / "report-3.json"
    old = json.loads(path.read_bytes())
    report = decode_report(path.read_bytes(), path)
    assert (report.score, report.penalty, report.final) == (old["score"], 0.0, old["score"])
    assert [each.worth.final for each in report.exercises] == [each["score"] for each in old["exercises"]]
    assert report.submitted_at == old["submitted_at"]
    assert decode_report(encode_report(report), path) == report


def test_examples_of_the_first_format_are_read() -> None:
    """Their checks held the sources of the judges that they name now."""
    path = HERE / "examples-1.json"
    (old,) = [check for check in json.loads(path.read_bytes())["checks"] if check["judge"]]
    key = decode_key(path.read_bytes(), path)
    (check,) = [check for check in key.checks if check.judge]
    assert key.judges == {check.judge: old["judge"]}
    assert check.judge not in old["judge"]
    assert decode_key(encode_key(key), path) == key


def test_a_record_of_the_first_version_is_read(tmp_path) -> None:
    """What counts, what was found later, what was handed in, and how it came about."""
    place = tmp_path / "record.sqlite"
    with closing(sqlite3.connect(place)) as file:
        file.executescript((HERE / "record-0001.sql").read_text(encoding="utf-8"))
    with open_record(place, "Calculus") as record:
        relu, sigmoid = record.entries()
        assert (relu.result.verdict, relu.content, relu.rank) == (Verdict.NOT_ATTEMPTED, None, NOTHING_FOUND)
        assert (sigmoid.result.score, sigmoid.result.notes, sigmoid.waits) == (1.0, ("line 1",), False)
        assert record.content(str(sigmoid.content)) == b"x = 1\n"
        assert [event.verdict for event in record.history("ada")] == ["WRONG_ANSWER", "NOT_ATTEMPTED", "JUDGE_ERROR"]
        assert [act.why for act in record.acts()] == ["term is over"]
        assert record.key("key") == b"{}"
        # And from then on it is one of this version.
        record.begin_run("grade", "submitted")
    with closing(Database(place)) as database, database.reading() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM record_version")).scalar_one() == HEAD


@pytest.mark.parametrize("name", ["report-1.json", "examples-1.json"])
def test_a_newer_format_is_refused_with_what_to_do(name) -> None:
    decode, newest = (decode_report, REPORT_FORMAT) if name.startswith("report") else (decode_key, KEY_FORMAT)
    data = json.dumps({"format_version": newest + 1, "something": "else"}).encode()
    with pytest.raises(UsageError, match=f"{name} was written by a newer grader .format {newest + 1}; .* update"):
        decode(data, Path(name))
