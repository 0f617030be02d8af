"""An exporter for `nbgrader export --exporter=grader.nbgrader.export.QuotedCsv`: nbgrader's columns, as CSV is written."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin

from grader.for_nbgrader.gradebook.emptied import is_emptied
from grader.reports.grades_csv import inert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbgrader.api import Assignment, Gradebook, Student

__all__ = ["QuotedCsv"]

_COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
    "late_submission_penalty", "score", "max_score",
)  # fmt: skip


class QuotedCsv(ExportPlugin):
    """Writes the grades; names with commas, quotes or line breaks stay in their column, and none is a formula.

    A score is empty where a notebook could not be judged: it is no zero.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Write a line for each assignment and student into `to` [default: grades.csv]."""
        with Path(self.to or "grades.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(_COLUMNS)
            writer.writerows(self._rows(gradebook))

    def _rows(self, gradebook: Gradebook) -> Iterator[list[str]]:
        assignments, students = ([str(name) for name in names] for names in (self.assignment, self.student))
        for assignment in gradebook.assignments:
            for student in gradebook.students:
                if (not assignments or assignment.name in assignments) and (not students or student.id in students):
                    yield [_cell(value) for value in _row(gradebook, assignment, student)]


def _row(gradebook: Gradebook, assignment: Assignment, student: Student) -> tuple[Any, ...]:
    """The values of a line, in the order of the columns."""
    timestamp, penalty = None, 0.0
    raw: float | None = 0.0
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        pass
    else:
        timestamp, raw, penalty = submission.timestamp, submission.score, submission.late_submission_penalty
        if any(is_emptied(notebook) for notebook in submission.notebooks):
            raw = None
    return (
        assignment.name, assignment.duedate, timestamp, student.id, student.last_name, student.first_name, student.email,
        raw, penalty, None if raw is None else max(0.0, raw - penalty), assignment.max_score,
    )  # fmt: skip


def _cell(value: Any) -> str:
    """A value as text; text that a spreadsheet would take for a formula gets a `'` before it."""
    text = "" if value is None else str(value)
    return inert(text) if isinstance(value, str) else text
