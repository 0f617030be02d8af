"""What each student has for each assignment: one number where all of it was judged. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.model import Assignment, Course
    from grader.reports.report import Report

__all__ = ["Total", "number", "the_assignment", "totals"]


class Total(msgspec.Struct, frozen=True):
    """A student's points for an assignment, after lateness; `score` is None where something of it waits, or the student is excused."""

    score: float | None
    possible: float
    attempted: bool
    excused: bool = False


def totals(course: Course, reports: Iterable[Report]) -> dict[str, dict[str, Total]]:
    """The totals by assignment, in course order, and in each by student, as the reports come.

    Raises UsageError where there are none, or where an exercise of an assignment has not been graded at all: the sum would
    be that of another assignment.
    """
    graded: dict[str, dict[str, Report]] = {assignment.id: {} for assignment in course.assignments}
    for report in reports:
        if report.assignment in graded:
            graded[report.assignment][report.student] = report
    found = {
        assignment.id: _totals(assignment, graded[assignment.id])
        for assignment in course.assignments
        if graded[assignment.id]
    }
    if not found:
        asked = ", ".join(assignment.id for assignment in course.assignments)
        raise UsageError(f"there are no results of {asked}; run `grader grade SUBMITTED` first")
    return found


def _totals(assignment: Assignment, reports: dict[str, Report]) -> dict[str, Total]:
    results = {student: {each.exercise: each for each in report.exercises} for student, report in reports.items()}
    exercises = [exercise.id for exercise in assignment.exercises]
    ungraded = [name for name in exercises if not any(name in found for found in results.values())]
    if ungraded:
        raise UsageError(
            f"of {assignment.id} there are no results of {', '.join(ungraded)}: its points would be those of a part; "
            f"run `grader grade SUBMITTED --assignment {assignment.id}` first"
        )
    possible = math.fsum(
        max(found[name].max_score for found in results.values() if name in found) for name in exercises
    )
    return {
        student: Total(
            score=_sum(found[name].worth.final if name in found else None for name in exercises),
            possible=possible,
            excused=bool(found) and all(each.worth.excused for each in found.values()),
            attempted=any(found[name].attempted for name in exercises if name in found),
        )
        for student, found in results.items()
    }


def _sum(finals: Iterable[float | None]) -> float | None:
    each = list(finals)
    return None if None in each else math.fsum(one for one in each if one is not None)


def the_assignment(course: Course, service: str) -> Assignment:
    """The one assignment of a selection. Raises UsageError where there are several."""
    if len(course.assignments) > 1:
        known = ", ".join(assignment.id for assignment in course.assignments)
        raise UsageError(f"{service} is about one assignment: name it with --assignment, out of {known}")
    return course.assignments[0]


def number(points: float) -> str:
    """Points as a service reads them: no exponent, and no digits that rounding has left."""
    return format(round(points, 9) + 0.0, ".12g")
