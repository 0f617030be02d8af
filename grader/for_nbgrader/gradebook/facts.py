"""What gradebook.db holds of a notebook, as plain data: whatever a student hands in, this is what is graded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.errors import CourseError
from grader.for_nbgrader.cells import automatic_points, exercise_of, manual_points
from grader.submissions.cells import checks_id, solution_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from nbgrader.api import Gradebook, Notebook

    from grader.judging.answer_key import AnswerKey

__all__ = ["GradeCell", "NotebookFacts", "SourceCell", "graded_cells", "read_facts", "require_agreement"]


class GradeCell(msgspec.Struct, frozen=True):
    """A cell that points are given in: by a program, or by a person."""

    points: float
    automatic: bool


class SourceCell(msgspec.Struct, frozen=True):
    """A cell as it was released."""

    source: str
    checksum: str
    cell_type: str
    locked: bool


class NotebookFacts(msgspec.Struct, frozen=True):
    """One notebook of an assignment; cells by their grade_id."""

    assignment: str
    notebook: str
    kernelspec: str
    graded: Mapping[str, GradeCell]
    answers: frozenset[str]
    tasks: tuple[str, ...]
    sources: Mapping[str, SourceCell]

    @property
    def exercises(self) -> tuple[str, ...]:
        """The exercises of the course that are judged here."""
        return tuple(found for name in self.graded if (found := exercise_of(name)) is not None)

    @property
    def plain(self) -> tuple[str, ...]:
        """The test cells that are no exercise of the course: only a kernel can run them."""
        return tuple(name for name, cell in self.graded.items() if cell.automatic and exercise_of(name) is None)

    @property
    def by_hand(self) -> tuple[str, ...]:
        """The instructor's own cells and tasks that a person grades: neither of them is an answer to an exercise."""
        ours = {solution_id(name) for name in self.exercises}
        graded = tuple(name for name, cell in self.graded.items() if not cell.automatic and name not in ours)
        return (*graded, *self.tasks)

    @property
    def own(self) -> tuple[str, ...]:
        """The instructor's own graded cells beside the course's exercises: what they are worth is seen where they run."""
        return (*self.plain, *self.by_hand) if self.exercises else ()

    def given(self, grade_id: str) -> str | None:
        """The source of a locked code cell as it was released, which a student's code may build on; None for others."""
        cell = self.sources.get(grade_id)
        return cell.source if cell and cell.locked and cell.cell_type == "code" else None


def read_facts(gradebook: Gradebook, assignment: str, notebook: str) -> NotebookFacts:
    """The facts of a notebook. Raises nbgrader's MissingEntry for one that was never released."""
    found = gradebook.find_notebook(notebook, assignment)
    return NotebookFacts(
        assignment,
        notebook,
        found.kernelspec or "",
        graded_cells(found),
        _answers(found),
        tuple(cell.name for cell in found.task_cells),
        {
            cell.name: SourceCell(cell.source or "", cell.checksum or "", cell.cell_type, bool(cell.locked))
            for cell in found.source_cells
        },
    )


def graded_cells(notebook: Notebook) -> dict[str, GradeCell]:
    """The cells of a notebook that points are given in, by their grade_id."""
    answers = _answers(notebook)
    return {
        cell.name: GradeCell(float(cell.max_score), cell.cell_type == "code" and cell.name not in answers)
        for cell in notebook.grade_cells
    }


def _answers(notebook: Notebook) -> frozenset[str]:
    return frozenset(cell.name for cell in notebook.solution_cells)


def require_agreement(facts: NotebookFacts, keys: Mapping[str, AnswerKey], expected: Iterable[str]) -> None:
    """Hold the database to the course. Raises CourseError that names each cell in which they differ.

    `expected` are the exercises that the course puts into this notebook; none where it knows no such notebook.
    """
    problems = [f"{checks_id(name)} is not in the database" for name in expected if name not in facts.exercises]
    for name in facts.exercises:
        if name not in keys:
            problems.append(f"{checks_id(name)} is of no exercise of the course")
            continue
        wanted = {checks_id(name): automatic_points(keys[name]), solution_id(name): manual_points(keys[name])}
        for grade_id, points in wanted.items():
            recorded = facts.graded[grade_id].points if grade_id in facts.graded else 0.0
            if recorded != points:
                problems.append(
                    f"{grade_id} is worth {recorded:g} points in the database, and {points:g} in the course"
                )
    if problems:
        raise CourseError(
            f"gradebook.db differs from the course in {facts.assignment}/{facts.notebook}: {'; '.join(problems)}. Run "
            f"`grader nbgrader source` and `nbgrader generate_assignment {facts.assignment} --force`",
            path="gradebook.db",
        )
