"""What earlier versions wrote is read; what a newer one wrote is refused with what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.errors import UsageError
from grader.judging.answer_key import FORMAT as KEY_FORMAT
from grader.judging.answer_key import decode_key, encode_key
from grader.judging.verdicts import Verdict
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


def test_examples_of_the_first_format_are_read() -> None:
    """Their checks held the sources of the judges that they name now."""
    path = HERE / "examples-1.json"
    (old,) = [check for check in json.loads(path.read_bytes())["checks"] if check["judge"]]
    key = decode_key(path.read_bytes(), path)
    (check,) = [check for check in key.checks if check.judge]
    assert key.judges == {check.judge: old["judge"]}
    assert check.judge not in old["judge"]
    assert decode_key(encode_key(key), path) == key


@pytest.mark.parametrize("name", ["report-1.json", "examples-1.json"])
def test_a_newer_format_is_refused_with_what_to_do(name) -> None:
    decode, newest = (decode_report, REPORT_FORMAT) if name.startswith("report") else (decode_key, KEY_FORMAT)
    data = json.dumps({"format_version": newest + 1, "something": "else"}).encode()
    with pytest.raises(UsageError, match=f"{name} was written by a newer grader .format {newest + 1}; .* update"):
        decode(data, Path(name))
