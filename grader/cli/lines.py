"""Lines in colour, and where they go: what a check says, which waits for what it imports. Tables are drawn with `screen`."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import click
import msgspec
from msgspec.structs import replace
from rich.cells import cell_len, chop_cells

from grader.cli.width import columns
from grader.judging.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LOOKS", "MARKS", "WIDTH", "Line", "Output", "folded_text", "output"]

WIDTH = 120
"""Of a file or a pipe, which has no width of its own, where COLUMNS says nothing."""

MARKS = {
    Verdict.ACCEPTED: ("", "green"),
    Verdict.WRONG_ANSWER: ("wrong", "red"),
    Verdict.RUNTIME_ERROR: ("error", "red"),
    Verdict.TIME_LIMIT_EXCEEDED: ("time", "red"),
    Verdict.MEMORY_LIMIT_EXCEEDED: ("memory", "red"),
    Verdict.OUTPUT_LIMIT_EXCEEDED: ("output", "red"),
    Verdict.NOT_ATTEMPTED: ("-", "dim"),
    Verdict.FORBIDDEN: ("forbidden", "magenta"),
    Verdict.JUDGE_ERROR: ("JUDGE ERROR", "bold yellow"),
}
LOOKS = {"right": "green", "part": "yellow", "wrong": "red", "open": "dim"}
"""Of a check's mark, by how it ended."""
_DRIVES = dict.fromkeys(map(ord, "\a\b\v\f\r"))
"""Letters that move the cursor, and are left out."""


class Line(msgspec.Struct, frozen=True):
    """One line: texts, and the style of each in rich's words, of which those are understood that stand here and in MARKS."""

    pieces: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, text: str, style: str = "") -> Line:
        """A line in one style."""
        return cls(((text.translate(_DRIVES), style),))

    def __add__(self, other: Line) -> Line:
        """Both on one line."""
        return replace(self, pieces=(*self.pieces, *other.pieces))

    @property
    def plain(self) -> str:
        """The text alone."""
        return "".join(text for text, _ in self.pieces)

    @property
    def coloured(self) -> str:
        """The text with what makes a terminal show its styles."""
        return "".join(_styled(text, style.split()) for text, style in self.pieces)


def _styled(text: str, style: list[str]) -> str:
    colour = next((word for word in style if word not in {"bold", "dim"}), None)
    return click.style(text, fg=colour, bold="bold" in style or None, dim="dim" in style or None) if style else text


class Output(msgspec.Struct, frozen=True):
    """Standard output, as wide as it is."""

    width: int
    coloured: bool = False
    quiet: bool = False

    def say(self, line: Line) -> None:
        """Print a line, however long."""
        if not self.quiet:
            click.echo(line.coloured if self.coloured else line.plain, color=self.coloured)

    def fold(self, text: str, style: str = "") -> None:
        """Print a text in as many lines as it takes, each as far from the edge as the one that it begins in."""
        for row in text.split("\n"):
            edge = min(len(row) - len(row.lstrip(" ")), self.width // 2)
            for line in folded_text(row[edge:], self.width, Line.of(row[:edge]), style=style):
                self.say(line)


def output(*, quiet: bool = False, otherwise: int = WIDTH) -> Output:
    """What standard output is, `otherwise` so wide where it has no width of its own."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM", "").lower() in {"dumb", "unknown"}
    shows = os.environ.get("FORCE_COLOR") or sys.stdout.isatty()
    return Output(columns(otherwise), bool(shows and not plain), quiet)


def folded_text(text: str, width: int, before: Line | None = None, *, style: str = "") -> Iterator[Line]:
    """A text in as many lines as a width makes of it: the first has something before it, the others as much room there."""
    before = before or Line()
    room = cell_len(before.plain)
    for row in text.split("\n"):
        for piece in _pieces(row.expandtabs(), max(width - room, 1)):
            yield before + Line.of(piece, style)
            before = Line.of(" " * room)


def _pieces(text: str, width: int) -> Iterator[str]:
    """A text in pieces of at most a width, between words where that can be."""
    line = ""
    for word in re.findall(r"\s*\S+\s*", text):
        bare = word.rstrip()
        if line and cell_len(line + bare) > width:
            yield line.rstrip()
            line = ""
        *whole, rest = chop_cells(bare, width) if cell_len(line + bare) > width else [line + bare]
        yield from whole
        line = rest + word[len(bare) :]
    yield line.rstrip()
