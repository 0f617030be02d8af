"""The course's cells in a notebook: the grade_id that each has, and the points that are given in it. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from grader.reports.marks import INSTEAD
from grader.submissions.cells import CHECKS

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from grader.judging.answer_key import AnswerKey
    from grader.judging.verdicts import ExerciseResult

__all__ = [
    "TASK", "automatic_points", "automatic_score", "exercise_of", "given_by_hand", "given_instead", "grade_id_of",
    "manual_points",
]  # fmt: skip

TASK = "task-"
"""What the grade_id of an exercise's task begins with; those of its other cells are in `submissions.cells`."""


def grade_id_of(cell: NotebookNode) -> str:
    """The name that nbgrader's metadata give to a cell; empty where they give none."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", ""))


def exercise_of(grade_id: str) -> str | None:
    """The exercise whose points are given in a cell; None for a cell that is not one of the course's."""
    return grade_id.removeprefix(CHECKS) if grade_id.startswith(CHECKS) else None


def manual_points(key: AnswerKey) -> float:
    """What a person gives: the points of written answers, which are kept to be read."""
    return math.fsum(check.points for check in key.checks if check.keep)


def automatic_points(key: AnswerKey) -> float:
    """What the judge gives: the points of all other checks."""
    return math.fsum(check.points for check in key.checks if not check.keep)


def given_by_hand(key: AnswerKey, result: ExerciseResult) -> float | None:
    """What a person gave for the written answers of a report; None where there is none, or one still waits."""
    written = {check.name for check in key.checks if check.keep and check.points}
    found = [check for check in result.checks if check.name in written]
    if not found or any(check.waiting for check in found) or not all(check.kept for check in found):
        return None
    return math.fsum(check.points for check in found)


def given_instead(key: AnswerKey, result: ExerciseResult) -> float | None:
    """What a person gave in the place of the judge's points; None where nobody did."""
    found = [check.points for check in result.checks if check.name == INSTEAD]
    return automatic_score(key, result) + found[0] if found else None


def automatic_score(key: AnswerKey, result: ExerciseResult) -> float:
    """What the judge gave; a written answer is given its points by a person."""
    judged = {check.name for check in key.checks if not check.keep}
    return math.fsum(check.points for check in result.checks if check.name in judged)
