"""What of a report a student may see at a moment: a check's line is seen as its author said. Pure.

A report does not depend on the time; the page made of it does. What is not seen is in no sum on the page either.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.judging.verdicts import Verdict
from grader.reports.report import Report
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from grader.judging.verdicts import CheckResult
    from grader.reports.report import ExerciseReport

__all__ = ["OTHERS_COUNT", "Moment", "Seen", "seen"]

OTHERS_COUNT = "Other checks are not shown; they count as well."

_WHEN = {
    "after_due_date": "once the last due date has passed",
    "after_published": "once your instructor publishes the results",
}


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """When a page is made, and what is true of its assignment then."""

    now: datetime
    last_due: datetime | None = None
    """When it is due for whoever has the most time; None where it never is."""
    published: bool = False

    @property
    def over(self) -> bool:
        """Whether nobody has time left."""
        return self.last_due is not None and self.now > self.last_due

    def sees(self, check: CheckResult) -> bool:
        """Whether a check's line may be seen."""
        match check.visibility:
            case "visible":
                return True
            case "after_due_date":
                return self.over
            case "after_published":
                return self.published
            case _:
                return False


class Seen(msgspec.Struct, frozen=True):
    """A report as it may be seen, and what to say of the rest."""

    report: Report
    later: tuple[str, ...]


def seen(report: Report, moment: Moment) -> Seen:
    """What a student may see of a report."""
    hidden = [check for each in report.exercises for check in each.checks if not moment.sees(check)]
    if not hidden:
        return Seen(report, ())
    exercises = [_exercise(each, moment) for each in report.exercises]
    return Seen(Report.of(report.student, report.assignment, exercises), tuple(_said(hidden)))


def _exercise(exercise: ExerciseReport, moment: Moment) -> ExerciseReport:
    checks = tuple(check for check in exercise.checks if moment.sees(check))
    if len(checks) == len(exercise.checks):
        return exercise
    verdict = (
        exercise.verdict if exercise.verdict is Verdict.JUDGE_ERROR else Verdict.of(check.verdict for check in checks)
    )
    return replace(
        exercise, checks=checks, verdict=verdict, score=math.fsum(check.points for check in checks),
        max_score=math.fsum(check.max_points for check in checks),
    )  # fmt: skip


def _said(hidden: list[CheckResult]) -> Iterator[str]:
    for visibility, when in _WHEN.items():
        found = [check for check in hidden if check.visibility == visibility]
        if found:
            worth = math.fsum(check.max_points for check in found)
            yield f"{len(found)} more check{'s are' if len(found) > 1 else ' is'} shown {when}: {count_of(worth, 'point')}."
    if any(check.visibility not in _WHEN for check in hidden):
        yield OTHERS_COUNT
