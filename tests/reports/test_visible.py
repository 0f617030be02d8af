"""What a student sees of a report, by the moment: a line is there or it is not, and sums are of what is there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from grader.course.checks import Visibility
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.reports.feedback import feedback_page
from grader.reports.report import ExerciseReport, Provenance, Report
from grader.reports.visible import Moment, seen

DUE = datetime(2027, 3, 1, 22, 59, tzinfo=UTC)
BEFORE = Moment(now=DUE - timedelta(hours=1), last_due=DUE)
AFTER = Moment(now=DUE + timedelta(seconds=1), last_due=DUE)
PUBLISHED = Moment(now=DUE - timedelta(hours=1), last_due=DUE, published=True)
ABOUT = Provenance(seed=1, key="k", grader="1", python="3", numpy="2", isolation=(), limits={})


def check(visibility: str, points: float = 1.0, verdict: Verdict = Verdict.ACCEPTED) -> CheckResult:
    return CheckResult(
        name=visibility, claim=f"claim of {visibility}", public=False, verdict=verdict, points=points, max_points=1.0,
        feedback=f"told of {visibility}", visibility=visibility,
    )  # fmt: skip


def report(*checks: CheckResult) -> Report:
    return Report.of("alice", "w1", [ExerciseReport.about(ExerciseResult.of("e", checks), "", ABOUT)])


ALL = report(*map(check, get_args(Visibility)))


@pytest.mark.parametrize(
    ("moment", "names"),
    [
        (BEFORE, ["visible"]),
        (AFTER, ["visible", "after_due_date"]),
        (PUBLISHED, ["visible", "after_published"]),
        (Moment(now=DUE), ["visible"]),
    ],
)
def test_each_visibility_has_its_moment(moment: Moment, names: list[str]) -> None:
    found = seen(ALL, moment).report
    assert [each.name for each in found.exercises[0].checks] == names
    assert (found.score, found.max_score) == (float(len(names)), float(len(names)))
    assert found.exercises[0].score == len(names)


def test_nothing_of_an_unseen_check_is_on_the_page() -> None:
    page = feedback_page(ALL, BEFORE)
    assert "claim of visible" in page
    for each in ("after_due_date", "after_published", "hidden"):
        assert f"claim of {each}" not in page
        assert f"told of {each}" not in page
    assert "1 of 1 points" in page
    assert "1 more check is shown once the last due date has passed: 1 point." in page
    assert "Other checks are not shown; they count as well." in page


def test_an_unseen_failure_does_not_show_in_the_verdict() -> None:
    failed = report(check("visible"), check("hidden", 0.0, Verdict.WRONG_ANSWER))
    assert seen(failed, AFTER).report.exercises[0].verdict is Verdict.ACCEPTED


def test_a_report_that_is_seen_whole_is_itself() -> None:
    whole = report(check("visible"))
    assert seen(whole, BEFORE).report is whole


def test_what_waits_for_a_person_is_neither_right_nor_wrong_on_the_page_and_a_comment_is_there() -> None:
    waiting = CheckResult(name="why", claim="says why", public=False, verdict=Verdict.ACCEPTED, points=0.0, max_points=1.0,
                          waiting=True)  # fmt: skip
    marked = CheckResult(name="how", claim="says how", public=False, verdict=Verdict.ACCEPTED, points=1.0, max_points=1.0,
                         comment="<b>good</b>")  # fmt: skip
    page = feedback_page(report(waiting, marked), BEFORE)
    assert "waits for a person" in page
    assert page.count("✓") == 1
    assert "✗" not in page
    assert "&lt;b&gt;good&lt;/b&gt;" in page
