"""What Gradescope and PrairieLearn read of one student's assignment: points add up, and what is hidden stays so."""

from __future__ import annotations

import io
import json
import math
import zipfile

import pytest

from grader.errors import UsageError
from grader.judging.verdicts import Verdict
from grader.reports.export.feedback import Given, feedback
from grader.reports.export.gradescope import VISIBILITIES, gradescope, gradescope_refusal
from grader.reports.export.prairielearn import prairielearn
from reports import COURSE, page, result, the_report

REPORT = the_report("alice", manual_jacobian=1.0, sigmoid_grad=3.0)
UNJUDGED = the_report("alice", "jacobians", result("manual_jacobian", verdict=Verdict.JUDGE_ERROR), sigmoid_grad=3.0)
GRADESCOPE_TEST = {"score", "max_score", "status", "name", "name_format", "output", "output_format", "visibility"}


def read(exported) -> dict:
    found = json.loads(exported.data)
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("hidden", VISIBILITIES)
def test_gradescope_gets_a_test_for_each_check_and_sees_hidden_ones_as_asked(hidden) -> None:
    found = read(gradescope(REPORT, hidden))
    assert found["score"] == REPORT.score == math.fsum(test["score"] for test in found["tests"])
    assert [test["visibility"] for test in found["tests"]] == ["visible", hidden] * 2
    assert [test["status"] for test in found["tests"]] == ["passed", "failed", "passed", "passed"]
    assert all(set(test) == GRADESCOPE_TEST for test in found["tests"])
    assert found["tests"][0]["name"] == "manual_jacobian: gives numbers"
    shown = [found["output"], *[test for test in found["tests"] if test["visibility"] == "visible"]]
    assert ("secret" in json.dumps(shown)) == (hidden == "visible")


def test_gradescope_gets_no_number_of_what_is_not_judged_in_full() -> None:
    found = read(gradescope(UNJUDGED))
    assert "score" not in found
    assert not [test for test in found["tests"] if "score" in test]
    assert "not your fault and costs you nothing" in found["output"]
    assert found["tests"][-1]["visibility"] == "hidden"


def test_a_refusal_has_no_score_and_its_reason_is_the_instructors() -> None:
    found = read(gradescope_refusal("seccomp is missing"))
    assert "score" not in json.dumps(found)
    assert "seccomp" not in found["output"]
    assert [(test["output"], test["visibility"]) for test in found["tests"]] == [("seccomp is missing", "hidden")]


def test_prairielearn_gets_a_share_and_no_word_of_hidden_checks() -> None:
    found = read(prairielearn(REPORT))
    assert found["gradable"] is True
    assert found["score"] == REPORT.score / REPORT.max_score
    assert math.fsum(test["points"] for test in found["tests"]) == REPORT.score
    assert math.fsum(test["max_points"] for test in found["tests"]) == REPORT.max_score
    assert "secret" not in json.dumps(found)
    assert "told of the secret" in json.dumps(read(prairielearn(REPORT, all_visible=True)))


def test_prairielearn_takes_no_attempt_from_what_could_not_be_judged() -> None:
    found = read(prairielearn(UNJUDGED))
    assert found["gradable"] is False
    assert "score" not in found
    assert found["format_errors"][0].startswith("manual_jacobian: this could not be judged")


def test_pages_are_named_as_the_service_named_what_was_handed_in() -> None:
    canvas = Given("canvas", "lovelaceada_LATE_101_5005_manual_jacobian.py", {"user": "101", "attachment": "5005"})
    names = {
        "canvas": (canvas, "lovelaceada_LATE_101_5005_jacobians.html"),
        "moodle": (Given("moodle", "Ada L_7_assignsubmission_file"), "Ada L_7_assignsubmission_file/jacobians.html"),
        "earlier": (Given("moodle", "Ada L_7_assignsubmission_file_"), "Ada L_7_assignsubmission_file_/jacobians.html"),
        "flat": (Given("moodle", "Ada L_7_assignsubmission_file_x.py"), "Ada L_7_assignsubmission_file/jacobians.html"),
        "gradescope": (Given("gradescope", "submission_4711"), "submission_4711/jacobians.html"),
        "none": (Given("nbgrader", "alice"), "none/jacobians.html"),
        "outside": (Given("gradescope", ".."), "outside/jacobians.html"),
        "deep": (Given("classroom", "../../etc"), "deep/jacobians.html"),
        "unlike": (Given("canvas", "x.py", {"user": "1", "attachment": "2"}), "unlike/jacobians.html"),
    }
    for student, (given, name) in names.items():
        done = feedback(COURSE, [the_report(student, manual_jacobian=1.0)], {(student, "jacobians"): given}, page)
        with zipfile.ZipFile(io.BytesIO(done.data)) as archive:
            assert archive.namelist() == [name]


def test_pages_of_a_group_are_side_by_side_and_those_of_nobody_else_in_one_place() -> None:
    reports = [
        REPORT,
        the_report("bob", manual_jacobian=1.0, sigmoid_grad=0.0),
        the_report("bob", "extras", newton_step=4.0),
    ]
    group = dict.fromkeys([("alice", "jacobians"), ("bob", "jacobians")], Given("gradescope", "submission_4711"))
    with zipfile.ZipFile(io.BytesIO(feedback(COURSE, reports, group, page).data)) as archive:
        assert archive.namelist() == [
            "submission_4711/alice/jacobians.html", "submission_4711/bob/jacobians.html", "bob/extras.html",
        ]  # fmt: skip
        assert b"told of the secret" in archive.read("submission_4711/bob/jacobians.html")
    with pytest.raises(UsageError, match=r"two students would have the page bob/jacobians\.html"):
        feedback(COURSE, reports, {("alice", "jacobians"): Given("folders", "bob")}, page)
    with pytest.raises(UsageError, match="there are no results of extras"):
        feedback(COURSE.select("extras"), [REPORT], {}, page)
