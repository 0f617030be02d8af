"""Which of our steps takes the place of which of nbgrader's, and where in its configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nbgrader.converters import Autograde
from nbgrader.preprocessors import (
    CheckCellMetadata,
    ClearOutput,
    DeduplicateIds,
    Execute,
    OverwriteCells,
    OverwriteKernelspec,
    SaveAutoGrades,
)  # fmt: skip
from nbgrader.validator import Validator
from traitlets.utils.importstring import import_item

from grader.errors import UsageError
from grader.for_nbgrader.pages.feedback import FeedbackPages
from grader.for_nbgrader.pages.inert_pages import install_pages
from grader.for_nbgrader.preprocessors.judge_exercises import JudgeExercises, KeepKnownCells
from grader.for_nbgrader.preprocessors.kept_outputs import KeepOutputs
from grader.for_nbgrader.preprocessors.released_cells import CheckMetadata, KeepKernelspec, ReleasedCells
from grader.for_nbgrader.preprocessors.save_grades import SaveGrades
from grader.for_nbgrader.submitted.exporter import SubmittedNotebooks

if TYPE_CHECKING:
    from traitlets.config import Config

__all__ = ["install"]

_REPLACED: dict[Any, Any] = {
    ClearOutput: KeepOutputs, DeduplicateIds: KeepKnownCells, OverwriteKernelspec: KeepKernelspec,
    OverwriteCells: ReleasedCells, CheckCellMetadata: CheckMetadata, Execute: JudgeExercises, SaveAutoGrades: SaveGrades,
}  # fmt: skip


def install(config: Config, course: str, plain_cells: str) -> None:
    """Put our steps into nbgrader's configuration. Raises UsageError for a value of `plain_cells` that is none."""
    if plain_cells not in ("refuse", "execute"):
        raise UsageError(f"plain_cells is {plain_cells!r}; known are 'refuse' and 'execute'")
    given = config.Autograde
    for name in ("sanitize_preprocessors", "autograde_preprocessors"):
        steps = given.get(name) or getattr(Autograde(), name)
        kinds = [import_item(step) if isinstance(step, str) else step for step in steps]
        given[name] = [_REPLACED.get(kind, kind) for kind in kinds]
    given.setdefault("exporter_class", SubmittedNotebooks)
    # One validation of a notebook that is converted, not one after each step.
    config.NotebookExporter.setdefault("optimistic_validation", True)
    install_pages(config)
    config.GenerateFeedback.setdefault("exporter_class", FeedbackPages)
    config.JudgeExercises.course = course
    config.JudgeExercises.plain_cells = plain_cells
    # The list of `nbgrader validate` is a trait that no configuration reaches: its default is set instead.
    validating = [JudgeExercises if step is Execute else step for step in Validator().preprocessors]
    Validator.preprocessors.default_args = (validating,)
