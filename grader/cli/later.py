"""A group whose commands are imported when one of them, or its own help, is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from grader.cli.start import loaded
from grader.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Later"]


class Later(click.Group):
    """`later` has each command's module and name there, and the first sentence of its help."""

    def __init__(self, *arguments: Any, later: Mapping[str, tuple[str, str]], **settings: Any) -> None:
        """Import nothing yet."""
        super().__init__(*arguments, **settings)
        self._later = later

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's
        """Their names, in the order of the table."""
        return list(self._later)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  click's
        """The command, imported now; None for a name that is none."""
        if cmd_name not in self._later:
            return None
        found: click.Command = loaded(self._later[cmd_name][0])
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click has it, which knows no name that is near."""
        if not args[0].startswith("-") and args[0] not in self._later:
            ctx.fail(f"No such command {args[0]!r}{did_you_mean(args[0], self._later)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  click's
        """The table, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in self._later.items()])
