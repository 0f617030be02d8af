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

__all__ = ["in_course_order", "plain_csv", "selected_rows"]


def selected_rows(course: Course, reports: Iterable[Report]) -> list[GradeRow]:
    """A line for each student and exercise of the course that there is a result of, in its order."""
    return in_course_order(course, (row for report in reports for row in rows(report)))


def in_course_order(course: Course, lines: Iterable[GradeRow]) -> list[GradeRow]:
    """The lines that are of the course's exercises, by student, then in course order."""
    order = {(exercise.assignment, exercise.id): index for index, exercise in enumerate(course.exercises())}
    found = [line for line in lines if (line.assignment, line.exercise) in order]
    return sorted(found, key=lambda line: (line.student, order[line.assignment, line.exercise]))


def plain_csv(course: Course, reports: Iterable[Report]) -> Exported:
    """The file."""
    return Exported(to_csv(selected_rows(course, reports)))
