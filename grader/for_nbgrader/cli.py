"""`grader nbgrader`: knows its commands by name, and imports the module of the one that is called."""

from __future__ import annotations

import click

from grader.cli.later import Later
from grader.for_nbgrader.importing import without_iri_grammar
from grader.for_nbgrader.versions import require_nbgrader

__all__ = ["group"]

_COMMANDS = {
    "autograde": (
        "grader.for_nbgrader.commands.autograde:autograde",
        "Grade all submissions of ASSIGNMENT, as `nbgrader autograde` would, in one process.",
    ),
    "pull": (
        "grader.for_nbgrader.commands.pull:pull",
        "Record the notebooks of ASSIGNMENT that nbgrader graded, and what people gave for them in its gradebook.",
    ),
    "push": ("grader.for_nbgrader.commands.push:push", "Write what `grader grade` has recorded into gradebook.db."),
    "source": (
        "grader.for_nbgrader.commands.source:source",
        "Write the assignments as source notebooks into nbgrader's COURSE_DIR, and nbgrader_config.py if it has none.",
    ),
}


class _WithNbgrader(Later):
    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Ask for nbgrader before a module is imported that needs it. Raises UsageError."""
        require_nbgrader()
        with without_iri_grammar():
            return super().get_command(ctx, cmd_name)


@click.group("nbgrader", cls=_WithNbgrader, later=_COMMANDS)
def group() -> None:
    """Work with an nbgrader course: its notebooks, its gradebook."""
