"""Tables of what came of a class: what a page shows, a spreadsheet reads and a terminal tells are the same rows. Pure."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Literal

import msgspec

from grader.names import shown
from grader.reports.grades_csv import inert
from grader.reports.pages import points

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Cell", "Column", "Kind", "Linked", "Table", "percent", "to_csv", "worded"]

Kind = Literal["text", "names", "number", "points", "percent", "signed", "marks"]
"""What is in a column: text, the names of several students, a number and how it is written, or a letter for each check."""


class Linked(msgspec.Struct, frozen=True):
    """A cell that leads to a page."""

    cell: str | float | None
    href: str


Cell = str | float | tuple[str, ...] | Linked | None
"""What is in a row: None is nothing, and several names are a tuple."""


class Column(msgspec.Struct, frozen=True):
    """One column."""

    title: str
    kind: Kind = "text"
    possible: float = 0.0
    """The most that points can be."""
    group: str = ""
    """Of a check its exercise, where a page has those of an exercise in one column: a letter for each."""


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """Rows, whose first cell says what each is about."""

    name: str
    """Of its file, and of its place on a page."""
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    """What its numbers mean."""
    empty: str = "None."
    """What is said where there is no row."""
    inner: bool = False
    """Whether it says more of a table before it."""


def percent(share: float) -> str:
    """A share of 1, for reading; what is not quite all or nothing is not said to be."""
    whole = round(share * 100)
    if (whole in (0, 100)) and share not in (0.0, 1.0):
        return "< 1 %" if whole == 0 else "> 99 %"
    return f"{whole} %"


def worded(cell: Cell, kind: Kind) -> str:
    """A cell for reading, on one line."""
    if isinstance(cell, Linked):
        cell = cell.cell
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return shown(cell)
    if isinstance(cell, tuple):
        return ", ".join(map(shown, cell))
    match kind:
        case "percent":
            return percent(cell)
        case "signed":
            return f"{cell:+.2f}"
        case _:
            return points(cell)


def to_csv(table: Table) -> bytes:
    """The table as a file that a spreadsheet opens and none runs; numbers are whole."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([inert(": ".join(filter(None, [each.group, each.title]))) for each in table.columns])
    writer.writerows(_plain(row) for row in table.rows)
    return text.getvalue().encode()


def _plain(row: Iterable[Cell]) -> list[str]:
    return [_written(cell.cell if isinstance(cell, Linked) else cell) for cell in row]


def _written(cell: str | float | tuple[str, ...] | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return inert("; ".join(map(shown, cell)))
    # On one line: the end of a line that stands alone in a cell is none to who writes the file, and one to who reads it.
    return inert(shown(cell)) if isinstance(cell, str) else repr(cell)
