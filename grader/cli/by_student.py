"""Students x something: columns beside each other as far as a terminal has room, so that no column and no digit is ever cut off."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec
from rich import box
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Column", "by_student", "fit"]

_STUDENT_WIDTH, _GAP = 12, 2
"""A student's name may take this many columns of a terminal, or a quarter of it, before it is folded; and what is between two."""


_PART = re.compile(r"[^\s@._-]*[\s@._-]+|[^\s@._-]+")
"""Of a name: a part that ends where a word or an address can be broken."""


class Column(msgspec.Struct, frozen=True):
    """One column, a cell for each student."""

    header: Text
    cells: tuple[Text, ...]

    @property
    def width(self) -> int:
        """What it needs: every cell in one line, the header with a word on each."""
        return max(map(cell_len, [*self.header.plain.split(), *(cell.plain for cell in self.cells)]), default=0)


def fit(names: Column, totals: Column, columns: Iterable[Column], width: int) -> bool:
    """Whether all columns have room beside each other."""
    return sum(column.width + _GAP for column in columns) <= _room(names, totals, width)


def by_student(names: Column, totals: Column, columns: Sequence[Column], width: int) -> Iterator[Table | Text]:
    """Tables, each with the names and the totals: what does not fit beside the others comes below. Where not even one does, lists."""
    room = _room(names, totals, width)
    if any(column.width + _GAP > room for column in columns):
        yield from _one_by_one(names, totals, columns, width)
        return
    for block in _blocks(columns, room):
        yield Text("")
        yield _table(names, totals, block, width)


def _room(names: Column, totals: Column, width: int) -> int:
    """What is left beside names and totals."""
    return width - max(min(names.width, max(_STUDENT_WIDTH, width // 4)), cell_len("student")) - totals.width - _GAP


def _blocks(columns: Iterable[Column], room: int) -> Iterator[list[Column]]:
    """The columns in as many blocks as it takes for each to have room."""
    block: list[Column] = []
    for column in columns:
        if block and sum(each.width + _GAP for each in [*block, column]) > room:
            yield block
            block = []
        block.append(column)
    yield block


def _table(names: Column, totals: Column, columns: Sequence[Column], width: int) -> Table:
    room = min(names.width, width - sum(column.width + _GAP for column in (totals, *columns)))
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, _GAP - 1, 0, 0))
    table.add_column(names.header, overflow="fold", min_width=cell_len("student"))
    for column in (totals, *columns):
        table.add_column(column.header, justify="right", width=column.width)
    for name, *cells in zip(names.cells, totals.cells, *(column.cells for column in columns), strict=True):
        table.add_row(_broken(name, room), *cells)
    return table


def _broken(name: Text, width: int) -> Text:
    """A name in lines of at most a width, each up to the end of a part of it where that can be."""
    lines = [""]
    for part in _PART.findall(name.plain):
        if lines[-1] and cell_len(lines[-1] + part.rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return Text("\n".join(lines))


def _one_by_one(names: Column, totals: Column, columns: Sequence[Column], width: int) -> Iterator[Text]:
    """A list for each student: what a terminal has room for in which no two columns stand beside each other."""
    for index, name in enumerate(names.cells):
        yield name
        for column in (totals, *columns):
            cell = column.cells[index]
            line = Text.assemble("  ", column.header, "  ", cell)
            if cell.plain and cell_len(line.plain) <= width:
                yield line
            elif cell.plain:
                yield Text.assemble("  ", column.header)
                words = [cell] if cell_len(cell.plain) + 4 <= width else cell.split(" ")
                yield from (Text.assemble("    ", word) for word in words)
