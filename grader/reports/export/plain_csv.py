"""The lines of grades.csv for a part of the course, sorted as they are there. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.reports.export.exported import Exported
from grader.reports.grades_csv import rows, to_csv

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.model import Course
    from grader.reports.grades_csv import GradeRow
    from grader.reports.report import Report

__all__ = ["plain_csv", "selected_rows"]


def selected_rows(course: Course, reports: Iterable[Report]) -> list[GradeRow]:
    """A line for each student and exercise of the course, by student, then in course order."""
    order = {(exercise.assignment, exercise.id): index for index, exercise in enumerate(course.exercises())}
    found = [row for report in reports for row in rows(report) if (row.assignment, row.exercise) in order]
    return sorted(found, key=lambda row: (row.student, order[row.assignment, row.exercise]))


def plain_csv(course: Course, reports: Iterable[Report]) -> Exported:
    """The file."""
    return Exported(to_csv(selected_rows(course, reports)))
