"""What a student's cells have shown, kept for the person who grades them by hand where nothing runs them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbgrader.preprocessors import ClearOutput
from nbgrader.utils import is_grade, is_solution

from grader.for_nbgrader.preprocessors.judge_exercises import JudgeExercises
from grader.for_nbgrader.preprocessors.outputs import handed_in_outputs
from grader.for_nbgrader.run import facts_for

if TYPE_CHECKING:
    from nbformat import NotebookNode

__all__ = ["KeepOutputs"]


class KeepOutputs(ClearOutput):
    """Clears the outputs, but in a notebook with cells of the instructor's that a person grades and that no kernel runs."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Keep what was handed in, as far as it can be looked at, and say in each cell that it was not run here."""
        facts = facts_for(self, resources)
        if not facts.by_hand or JudgeExercises(parent=self.parent).executes(facts):
            return super().preprocess(nb, resources)  # type: ignore[no-any-return]  # nbgrader has no types
        for cell in nb.cells:
            if cell.cell_type == "code":
                test = is_grade(cell) and not is_solution(cell)
                cell.outputs = [] if test else handed_in_outputs(cell.outputs)
                cell.execution_count = None
        return nb, resources
