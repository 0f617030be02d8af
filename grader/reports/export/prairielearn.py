"""PrairieLearn's results.json for one student's assignment. Pure.

A student sees every test at once, and PrairieLearn can hide none: so hidden checks are one test for an exercise, with their points and
without a word on what they check, unless they are to be seen. What could not be judged is `gradable: false`, which costs neither
points nor an attempt.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from grader.judging.verdicts import UNJUDGED, Verdict
from grader.reports.export.exported import Exported
from grader.reports.pages import words
from grader.shown_json import shown_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.reports.report import ExerciseReport, Report

__all__ = ["prairielearn"]


def prairielearn(report: Report, *, all_visible: bool = False) -> Exported:
    """The file; with `all_visible` hidden checks are told as public ones are."""
    unjudged = [each.exercise for each in report.exercises if each.verdict is Verdict.JUDGE_ERROR]
    notes = [f"{each.exercise}: {note}" for each in report.exercises for note in (each.place, *each.notes) if note]
    whole: dict[str, Any] = {
        "gradable": not unjudged, "message": "\n".join(notes),
        "tests": [test for each in report.exercises for test in _tests(each, all_visible=all_visible)],
    }  # fmt: skip
    if unjudged:
        whole |= {"format_errors": [f"{name}: {UNJUDGED}" for name in unjudged], "tests": []}
    else:
        left = report.score if report.final is None else report.final
        whole |= {"score": left / report.max_score if report.max_score else 0.0}
    return Exported(shown_json(whole))


def _tests(result: ExerciseReport, *, all_visible: bool) -> Iterator[dict[str, Any]]:
    hidden = [] if all_visible else [check for check in result.checks if not check.public]
    for check in result.checks:
        if check.public or all_visible:
            yield {
                "name": f"{result.exercise}: {check.claim}", "points": check.points, "max_points": check.max_points,
                "message": check.feedback, "output": words(check.verdict),
            }  # fmt: skip
    if hidden:
        yield {
            "name": f"{result.exercise}: hidden checks", "points": math.fsum(check.points for check in hidden),
            "max_points": math.fsum(check.max_points for check in hidden), "message": "", "output": "",
        }  # fmt: skip
