"""The same lines for a script, with each assignment's title and points. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.reports.export.exported import Exported
from grader.reports.export.plain_csv import selected_rows
from grader.reports.export.totals import totals
from grader.shown_json import shown_json

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.model import Course
    from grader.reports.report import Report

__all__ = ["FORMAT", "plain_json"]

FORMAT = 1


def plain_json(course: Course, reports: Iterable[Report]) -> Exported:
    """{format_version, course, assignments: [{id, title, max_score, scores: {student: score}}], grades: [a line of grades.csv]}.

    A score is null where something of it is not judged. Raises UsageError as `totals` does.
    """
    kept = tuple(reports)
    found = totals(course, kept)
    assignments = [
        {
            "id": assignment.id, "title": assignment.title,
            "max_score": next(iter(found[assignment.id].values())).possible,
            "scores": {student: total.score for student, total in sorted(found[assignment.id].items())},
        }
        for assignment in course.assignments
        if assignment.id in found
    ]  # fmt: skip
    whole = {
        "format_version": FORMAT, "course": course.title, "assignments": assignments,
        "grades": selected_rows(course, kept),
    }  # fmt: skip
    return Exported(shown_json(whole))
