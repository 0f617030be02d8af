"""Grades that nobody has judged: empty, and flagged for a person. What a person gave stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbgrader.api import Gradebook, MissingEntry

from grader.for_nbgrader.gradebook.facts import graded_cells

if TYPE_CHECKING:
    from collections.abc import Collection

    from nbgrader.api import SubmittedNotebook

__all__ = ["empty_grades", "empty_notebook", "empty_submission", "is_emptied"]


def empty_submission(
    db_url: str, assignment: str, student: str, notebooks: Collection[str] = (), *, create: bool = False
) -> None:
    """Empty the grades of a submission in a gradebook that is not open, of all notebooks or those named.

    With `create` one that is not there is entered.
    """
    with Gradebook(db_url) as gradebook:
        if create:
            gradebook.update_or_create_student(student)
            gradebook.update_or_create_submission(assignment, student)
        empty_grades(gradebook, assignment, student, notebooks)
        gradebook.db.commit()


def empty_grades(gradebook: Gradebook, assignment: str, student: str, notebooks: Collection[str] = ()) -> None:
    """Empty the grades of a submission, of all notebooks or those named; nothing where there is none."""
    try:
        submission = gradebook.find_submission(assignment, student)
    except MissingEntry:
        return
    for notebook in submission.notebooks:
        if not notebooks or notebook.name in notebooks:
            empty_notebook(notebook)


def empty_notebook(notebook: SubmittedNotebook) -> None:
    """Leave a notebook without automatic grades, and ask for a person."""
    for grade in notebook.grades:
        grade.auto_score, grade.needs_manual_grade = None, True


def is_emptied(notebook: SubmittedNotebook) -> bool:
    """Whether points that the judge gives are nobody's: it could not judge the notebook, and no person has since."""
    judged = {name for name, cell in graded_cells(notebook.notebook).items() if cell.automatic}
    return any(
        grade.name in judged and grade.auto_score is None and grade.manual_score is None for grade in notebook.grades
    )
