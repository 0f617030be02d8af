"""What draws tables in a terminal: where they go, and how a line of several styles is folded."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from grader.cli.lines import WIDTH
from grader.cli.width import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["console", "folded"]


def console(*, quiet: bool = False) -> Console:
    """Where tables go."""
    return Console(quiet=quiet, highlight=False, width=None if sys.stdout.isatty() else columns(WIDTH))


def folded(line: Text, width: int, before: Text | None = None) -> Iterator[Text]:
    """A line in as many as a width makes of it: the first has something before it, the others as much room there."""
    before = before or Text("")
    narrow = max(width - before.cell_len, 1)
    for piece in line.wrap(Console(width=narrow), narrow):
        piece.rstrip()
        yield before + piece
        before = Text(" " * before.cell_len)
