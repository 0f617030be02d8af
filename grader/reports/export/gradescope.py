"""Gradescope's results.json for one student's assignment. Pure.

Without a number for the whole and for each test Gradescope shows that the autograder failed, and gives no score: so what could
not be judged costs nobody a point.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from grader.judging.verdicts import UNJUDGED, Verdict
from grader.reports.export.exported import Exported
from grader.reports.pages import words
from grader.shown_json import shown_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.judging.verdicts import CheckResult
    from grader.reports.report import ExerciseReport, Report

__all__ = ["VISIBILITIES", "Visibility", "gradescope", "gradescope_refusal"]

Visibility = Literal["hidden", "after_due_date", "after_published", "visible"]
VISIBILITIES: tuple[Visibility, ...] = ("hidden", "after_due_date", "after_published", "visible")


def gradescope(report: Report, hidden: Visibility = "after_due_date") -> Exported:
    """The file: a test for each check, in their order; hidden checks are seen as `hidden` says."""
    unjudged = [each for each in report.exercises if each.verdict is Verdict.JUDGE_ERROR]
    tests = [test for each in report.exercises for test in _tests(each, hidden, scored=not unjudged)]
    tests += [_for_instructor(f"{each.exercise} could not be judged", each.fault) for each in unjudged]
    lines = [line for each in report.exercises for line in _about(each)]
    # What a person has still to give is added in Gradescope, or by a later export.
    waits = report.final is None and not unjudged
    whole: dict[str, Any] = {} if unjudged else {"score": report.score if waits else report.final}
    lines += ["A person has still to give points for what you have written."] if waits else []
    whole |= {"output": "\n".join(lines), "output_format": "text", "visibility": "visible", "tests": tests}
    return Exported(shown_json(whole | {"stdout_visibility": "hidden"}))


def gradescope_refusal(reason: str) -> Exported:
    """A file without any score, of a submission that was not graded; the instructor reads why."""
    told = "This submission was not graded, which is not your fault: your instructor has been told."
    return Exported(
        shown_json({
            "output": told, "output_format": "text", "visibility": "visible", "stdout_visibility": "hidden",
            "tests": [_for_instructor("not graded", reason)],
        })
    )  # fmt: skip


def _for_instructor(name: str, text: str) -> dict[str, Any]:
    """A test that no student sees, without points."""
    return {"name": name, "name_format": "text", "output": text, "output_format": "text", "visibility": "hidden",
            "status": "failed"}  # fmt: skip


def _tests(result: ExerciseReport, hidden: Visibility, *, scored: bool) -> Iterator[dict[str, Any]]:
    for check in result.checks:
        points = {"score": check.points, "max_score": check.max_points} if scored else {}
        yield points | {
            "name": f"{result.exercise}: {check.claim}", "name_format": "text",
            "output": _output(check), "output_format": "text",
            "status": "passed" if check.verdict is Verdict.ACCEPTED else "failed",
            "visibility": "visible" if check.public else hidden,
        }  # fmt: skip


def _output(check: CheckResult) -> str:
    if check.verdict is Verdict.JUDGE_ERROR:
        return UNJUDGED
    return check.feedback or words(check.verdict)


def _about(result: ExerciseReport) -> Iterator[str]:
    """What a student should know of how an answer was read; nothing that hidden checks have found."""
    yield from (f"{result.exercise}: {note}" for note in (result.place, *result.notes) if note)
    if result.verdict is Verdict.JUDGE_ERROR:
        yield f"{result.exercise}: {UNJUDGED}"
