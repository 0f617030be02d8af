"""What a person gave in nbgrader's gradebook, read as plain data."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from nbgrader.api import Gradebook, MissingEntry

from grader.for_nbgrader.gradebook.database import telling_who_locks
from grader.for_nbgrader.gradebook.emptied import is_emptied
from grader.reports.marks import EXTRA, OVERALL, Mark, answers
from grader.submissions.cells import checks_id, solution_id
from grader.submissions.submitted_at import moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from nbgrader.api import SubmittedNotebook

    from grader.for_nbgrader.gradebook.facts import NotebookFacts
    from grader.judging.verdicts import ExerciseResult

__all__ = ["Graded", "Marked", "OwnCell", "marks_of", "read_graded", "read_marked"]

BY = "nbgrader"
"""In whose name marks out of a gradebook are: it does not say who gave them."""


class Marked(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise in one student's notebook, as nbgrader graded it."""

    student: str
    exercise: str
    notebook: str
    submitted_at: str
    """The time that was handed in with it, in UTC; empty for none."""
    written: float | None = None
    """What a person gave for the answer in words; None where nobody has."""
    overall: float | None = None
    """What a person gave in the place of the judge's points; None where nobody has."""
    comment: str = ""
    changed: bool = False
    """Whether nbgrader has graded another answer since a person gave points, and asks for them again."""
    waits: bool = False
    """Whether a person has still to read the answer in words."""
    extra: float = 0.0
    """What a person gave beyond what the exercise is worth."""
    emptied: bool = False
    """Whether the notebook could not be judged, and no person has given its points since."""


class OwnCell(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a cell or a task of the instructor's own."""

    name: str
    points: float
    possible: float
    waits: bool
    comment: str


class Graded(msgspec.Struct, frozen=True, kw_only=True):
    """One student's notebook, as it stands in the gradebook."""

    submitted_at: str
    """In UTC; empty where it does not say so."""
    due: datetime | None
    late: timedelta
    penalty: float
    marked: Mapping[str, Marked]
    """By exercise."""
    own: tuple[OwnCell, ...]


def read_graded(db_url: str, student: str, facts: NotebookFacts) -> Graded:
    """What a gradebook has of a student's notebook. Raises MissingEntry for one that it has not."""
    with telling_who_locks(db_url), Gradebook(db_url) as gradebook:
        notebook = gradebook.find_submission_notebook(facts.notebook, facts.assignment, student)
        submission, names = notebook.assignment, set(facts.own)
        time, due = str(submission.timestamp or ""), submission.assignment.duedate and submission.duedate
        comments = _comments(notebook)
        return Graded(
            submitted_at=moment(time), due=due and due.replace(tzinfo=UTC),
            late=timedelta(seconds=submission.total_seconds_late if due else 0),
            penalty=notebook.late_submission_penalty or 0.0,
            marked={each.exercise: each for each in _marked(notebook, student, time, facts.exercises)},
            own=tuple(
                OwnCell(
                    name=grade.name, points=grade.score, possible=grade.max_score, waits=grade.needs_manual_grade,
                    comment=comments.get(grade.name, ""),
                )
                for grade in notebook.grades
                if grade.name in names
            ),
        )  # fmt: skip


def marks_of(each: Marked, judged: ExerciseResult, program: str) -> Iterator[Mark]:
    """What a person gave as marks: that for words goes to the texts in their order, as far as each has points."""
    if each.overall is not None and program:
        # A cell has one comment: it is on the words where there are any, which have points of their own.
        yield Mark(
            student=each.student, exercise=each.exercise, check=OVERALL, text=program, points=each.overall,
            comment="" if each.written is not None else each.comment, by=BY,
        )  # fmt: skip
    if program:
        yield Mark(student=each.student, exercise=each.exercise, check=EXTRA, text=program, points=each.extra, by=BY)
    left = each.written
    for answer in answers(each.student, judged) if left is not None else ():
        points = min(left or 0.0, answer.max_points)
        left = (left or 0.0) - points
        student, exercise, check, text = answer.whose
        yield Mark(
            student=student, exercise=exercise, check=check, text=text, points=points, comment=each.comment, by=BY
        )


def read_marked(db_url: str, assignment: str, exercises: Mapping[str, Sequence[str]]) -> list[Marked]:
    """Of every submission of an assignment its exercises, which are named by notebook; none of one that is not there."""
    with Gradebook(db_url) as gradebook:
        try:
            submissions = gradebook.find_assignment(assignment).submissions
        except MissingEntry:
            return []
        return [
            one
            for submission in sorted(submissions, key=lambda each: each.student.id)
            for notebook in submission.notebooks
            for one in _marked(
                notebook, submission.student.id, str(submission.timestamp or ""), exercises.get(notebook.name, ())
            )
        ]


def _marked(notebook: SubmittedNotebook, student: str, time: str, exercises: Sequence[str]) -> Iterator[Marked]:
    grades = {grade.name: grade for grade in notebook.grades}
    comments, emptied = _comments(notebook), is_emptied(notebook)
    for exercise in exercises:
        answer, checks = grades.get(solution_id(exercise)), grades.get(checks_id(exercise))
        given = [each for each in (answer, checks) if each is not None and each.manual_score is not None]
        yield Marked(
            student=student, exercise=exercise, notebook=notebook.name, submitted_at=moment(time),
            written=None if answer is None else answer.manual_score, overall=None if checks is None else checks.manual_score,
            comment=comments.get(solution_id(exercise), ""), changed=any(each.needs_manual_grade for each in given),
            waits=answer is not None and answer.needs_manual_grade,
            extra=math.fsum(each.extra_credit or 0.0 for each in (answer, checks) if each is not None),
            emptied=emptied,
        )  # fmt: skip


def _comments(notebook: SubmittedNotebook) -> dict[str, str]:
    """What people wrote, by cell; nbgrader's own remark on an answer that is not there is none of theirs."""
    return {comment.name: comment.manual_comment or "" for comment in notebook.comments}
