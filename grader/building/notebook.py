"""The notebooks that students get: plain JSON, without anything of nbgrader's. Pure.

What they share with nbgrader's source notebooks is here, too: which exercises are in which, and the texts of their cells.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Literal

from grader.building.examples import examples_cell
from grader.building.markdown import with_stars
from grader.building.picture import in_markdown
from grader.building.reference import task_and_code
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from grader.course.model import Assignment, Course, Exercise
    from grader.judging.answer_key import AnswerKey

__all__ = [
    "METADATA",
    "about",
    "cell_id",
    "notebook_cells",
    "notebook_exercises",
    "student_notebook",
    "task_text",
    "title_text",
]

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}

_MAX_CELL_ID = 64

_HOW_TO_CHECK = (
    "\n\nRun the cell below your answer to compare it with the public examples. `grader check {file}`, once the notebook is"
    " saved, also names mistakes, and `grader hint` with an exercise's name helps on. Hand in this file."
)


def notebook_exercises(course: Course, assignment: Assignment) -> dict[str, tuple[Exercise, ...]]:
    """The exercises of each notebook of an assignment, by the notebook's name."""
    if course.notebooks == "exercise":
        return {exercise.id: (exercise,) for exercise in assignment.exercises}
    return {assignment.id: assignment.exercises}


def title_text(assignment: Assignment) -> str:
    """What stands at the top of an assignment's notebook."""
    known = "\n".join(about(assignment))
    return (
        f"# {assignment.title}\n\n{known}\n"
        "\nEach exercise has a cell for your answer; replace what is in it and keep the names that it defines. Cells"
        " before and after it are yours as well. Your code is run by itself: it sees no file of yours."
    )


def about(assignment: Assignment) -> list[str]:
    """Lines of Markdown: when an assignment is due, how long it takes, whether it has to be done, and what to read for it."""
    words = [f"Due {assignment.due.isoformat(' ', 'minutes')}." if assignment.due else "No due date."]
    if assignment.optional:
        words.append("Optional: it goes beyond what the course asks for.")
    if assignment.minutes:
        hours, minutes = divmod(assignment.minutes, 60)
        spent = " ".join([f"{hours} h"] * bool(hours) + [f"{minutes} min"] * bool(minutes))
        words.append(f"About {spent}, by estimate.")
    titles = [re.sub(r"([][])", r"\\\1", link.title) for link in assignment.links]
    links = [f"- [{title}]({link.url})" for title, link in zip(titles, assignment.links, strict=True)]
    return [" ".join(words), *(["", "To read:", "", *links] if links else [])]


def task_text(task: str, worth: str, picture: str = "") -> str:
    """A task as Markdown: its heading below the assignment's, its picture, and what it is worth."""
    shown = f"{in_markdown(picture)}\n\n" if picture else ""
    return f"{re.sub(r'^# ', '## ', with_stars(task))}\n\n{shown}*{worth}.*"


def cell_id(name: str) -> str:
    """An id that the format allows, and that stays the same from one release to the next."""
    return name if len(name) <= _MAX_CELL_ID else hashlib.sha256(name.encode()).hexdigest()


def student_notebook(assignment: Assignment, file: str, cells: Iterable[dict[str, Any]]) -> str:
    """A notebook of an assignment, as Jupyter saves it; `file` is its place in the hand-out, `cells` are its exercises'."""
    title = title_text(assignment) + _HOW_TO_CHECK.format(file=file)
    notebook = {
        "cells": [_cell("markdown", f"title-{assignment.id}", title), *cells],
        "metadata": METADATA,
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def notebook_cells(  # noqa: PLR0913  what a notebook shows of an exercise
    exercise: Exercise, stub: str, path: Path, public: AnswerKey, points: float, picture: str = ""
) -> list[dict[str, Any]]:
    """An exercise's cells: its task, the stub without it, the public examples. Raises CourseError for a stub without a task."""
    task, code = task_and_code(stub, path)
    return [
        _cell("markdown", f"task-{exercise.id}", task_text(task, count_of(points, "point"), picture)),
        _cell("code", f"solution-{exercise.id}", code.strip("\n")),
        _cell(
            "code", f"examples-{exercise.id}", examples_cell(public, torch=exercise.framework == "torch").rstrip("\n")
        ),
    ]


def _cell(kind: Literal["code", "markdown"], name: str, source: str) -> dict[str, Any]:
    cell: dict[str, Any] = {"cell_type": kind, "id": cell_id(name), "metadata": {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": source.splitlines(keepends=True)}
