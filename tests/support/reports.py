"""Reports that no run has made, for what is made of reports."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from grader.course.model import Assignment, Course, Exercise
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.reports.feedback import feedback_page
from grader.reports.report import ExerciseReport, Provenance, Report
from grader.reports.visible import Moment
from grader.sandbox.limits import Limits

__all__ = ["ABOUT", "COURSE", "NOW", "page", "result", "the_report"]

ABOUT = Provenance(seed=1, key="k", grader="g", python="p", numpy="n", isolation=(), limits={})


def _assignment(name: str, title: str, *exercises: str, optional: bool = False) -> Assignment:
    found = tuple(Exercise(each, name, Limits(), "numpy", ()) for each in exercises)
    return Assignment(name, title, None, found, optional=optional)


COURSE = Course(
    Path("course"), "Calculus", 1, individual=False, isolation="required",
    assignments=(
        _assignment("jacobians", "Jacobians by hand", "manual_jacobian", "sigmoid_grad"),
        _assignment("extras", "Beyond, and back", "newton_step", optional=True),
    ),
)  # fmt: skip
"""Two exercises in the first assignment, of 2 and 3 points; one in the other, of 4, which is optional."""

NOW = Moment(now=datetime(2027, 3, 1, tzinfo=UTC))
"""When a page is made of what is due some time, and not published."""

POINTS = {"manual_jacobian": 2.0, "sigmoid_grad": 3.0, "newton_step": 4.0}


def result(
    exercise: str, score: float = 0.0, verdict: Verdict = Verdict.WRONG_ANSWER, feedback: str = ""
) -> ExerciseReport:
    """An exercise with a public check of 1 point and a hidden one of the others, which earn that score together."""
    public, most = min(score, 1.0), POINTS[exercise]
    checks = (
        CheckResult(
            name="public", claim="gives numbers", public=True, points=public, max_points=1.0, feedback=feedback,
            verdict=Verdict.ACCEPTED if public == 1.0 else verdict,
        ),
        CheckResult(
            name="hidden", claim="keeps a secret", public=False, points=score - public, max_points=most - 1.0,
            verdict=Verdict.ACCEPTED if score == most else verdict, feedback="" if score == most else "told of the secret",
        ),
    )  # fmt: skip
    return ExerciseReport.about(ExerciseResult.of(exercise, checks), "2026-01-30T12:00:00Z", ABOUT)


def the_report(student: str, assignment: str = "jacobians", *results: ExerciseReport, **scores: float) -> Report:
    """A report on those exercises, and on those with these scores."""
    return Report.of(student, assignment, [*results, *(result(name, score) for name, score in scores.items())])


def page(report: Report) -> str:
    """The page on a report, now."""
    return feedback_page(report, NOW)
