"""The page that an instructor gets of a class: one file, everything escaped; its script sorts and filters what is there anyway."""

from __future__ import annotations

import base64
import hashlib
from datetime import date, timedelta
from html import escape
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING

from markupsafe import Markup

from grader.names import shown
from grader.reports.class_tables import ATTEMPTS, CHECKS, DISTRIBUTION, EXERCISES
from grader.reports.pages import template
from grader.reports.plots import bars
from grader.reports.tables import Column, Linked, percent, worded
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.reports.overview import Overview
    from grader.reports.tables import Cell, Table

__all__ = ["class_page"]

_ROWS = 2000
"""A page has so many rows of a table at most."""
_NAMES = 12
"""More names than these are folded."""
_DAYS, _AROUND = 60, 3
"""A plot goes so far from the day in the middle, since a file may say that it was written at any time; and some days more."""
_FOLDED = frozenset({DISTRIBUTION, CHECKS, ATTEMPTS})
"""Tables whose plot says it, and long ones."""


def class_page(seen: Overview, tables: Sequence[Table], title: str, *, seconds: float = 0) -> str:
    """An HTML page with these tables; one that is still being written reloads itself after so many seconds, until it is read."""
    script = files("grader.reports").joinpath("templates", "class.js").read_text(encoding="utf-8")
    return template("grader.reports", "class.html").render(
        title=title, head=_head(seen), seconds=seconds, script=script, folded=_FOLDED, examples=seen.examples,
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        sections=[table for table in tables if not table.inner], inner=[table for table in tables if table.inner],
        plots=_plots(seen, {table.name: table for table in tables}), cut=_cut, body=_body, heads=_heads,
    )  # fmt: skip


def _head(seen: Overview) -> str:
    """The class in a line or two."""
    lie, count = seen.spread, len(seen.found.students)
    parts = [f"{count_of(count, 'student')}, of whom {lie.count if lie else 0} took part."]
    if lie:
        parts.append(
            f"Of the points in what anybody has answered they have {percent(lie.mean)} in the mean, and {percent(lie.median)} in the"
            " median."
        )
    if seen.as_of:
        parts.append(f"The last run began at {seen.as_of[:16].replace('T', ' ')} UTC.")
    return " ".join(parts)


def _plots(seen: Overview, tables: Mapping[str, Table]) -> dict[str, str]:
    """A plot for each table that has one: its caption is the plot's, and its rows the numbers."""
    found = {}
    if seen.shares:
        rows = tables[DISTRIBUTION].rows
        found[DISTRIBUTION] = [str(row[0]) for row in rows], [_number(row[1]) for row in rows], "students"
    hard = [item for item, _ in seen.items if item.share is not None]
    found[EXERCISES] = [item.exercise for item in hard], [100 * (item.share or 0) for item in hard], "% of the points"
    days = _window({day: counts.total() for day, counts in seen.days.items()})
    found[ATTEMPTS] = list(days), list(days.values()), "answers"
    return {
        name: bars(name, f"{tables[name].caption}: the table below has the numbers", *drawn, flat=name == EXERCISES)
        for name, drawn in found.items()
    }


def _window(days: Mapping[str, int]) -> dict[str, float]:
    """Every day around the one in the middle, also those with nothing."""
    known = {date.fromisoformat(day): count for day, count in days.items()}
    if not known:
        return {}
    half, so_far, middle = sum(known.values()) / 2, 0, min(known)
    for day in sorted(known):
        so_far += known[day]
        if so_far >= half:
            middle = day
            break
    near = [day for day in known if abs((day - middle).days) <= _DAYS]
    span = range(-_AROUND, (max(near) - min(near)).days + _AROUND + 1)
    each = (min(near) + timedelta(days=number) for number in span)
    return {day.isoformat()[5:]: known.get(day, 0) for day in each}


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, int | float) else 0.0


def _cut(table: Table) -> tuple[Sequence[Sequence[Cell]], int]:
    """The rows that a page has, and how many it has not."""
    return table.rows[:_ROWS], max(len(table.rows) - _ROWS, 0)


def _heads(table: Table) -> list[tuple[Column, tuple[Column, ...]]]:
    """The columns of a page, and of one that is an exercise's the checks in it."""
    found: list[tuple[Column, tuple[Column, ...]]] = []
    for group, columns in groupby(table.columns, key=lambda column: column.group):
        members = tuple(columns)
        found += [(Column(group, "marks"), members)] if group else [(each, ()) for each in members]
    return found


def _body(table: Table, rows: Sequence[Sequence[Cell]]) -> Markup:
    """The rows in HTML, as short as it can be: there may be hundreds of thousands of cells."""
    row = _marked_row if any(column.group for column in table.columns) else _row
    return Markup("\n".join(row(table.columns, each) for each in rows))  # noqa: S704  every text went through `_safe`


def _marked_row(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    """The first cell, and for each exercise the letters of its checks."""
    parts, before = [f"<tr><th scope=row>{_text(columns[0], row[0])}"], ""
    for column, cell in zip(columns[1:], row[1:], strict=True):
        parts.append(_mark(column, cell) if column.group == before else f"<td>{_mark(column, cell)}")
        before = column.group
    return "".join(parts)


def _mark(column: Column, cell: Cell) -> str:
    """One letter: all right, right in part, wrong, unknown, or not attempted."""
    match cell:
        case None:
            return "."
        case "right":
            return "+"
        case "wrong":
            return "x"
        case float() | int():
            return "+" if cell >= column.possible else "/" if cell else "x"
        case _:
            return "?"


def _row(columns: Sequence[Column], row: Sequence[Cell]) -> str:
    head = f"<tr><th scope=row>{_text(columns[0], row[0])}"
    return head + "".join(map(_cell, columns[1:], row[1:]))


def _cell(column: Column, cell: Cell) -> str:
    if column.kind in ("text", "names"):
        return f"<td class=text>{_text(column, cell)}"
    return f"<td{_class(column, cell)}>{_text(column, cell)}"


def _class(column: Column, cell: Cell) -> str:
    """All of the points, none of them, or neither."""
    number = cell.cell if isinstance(cell, Linked) else cell
    if not column.possible or not isinstance(number, int | float):
        return ""
    return " class=f" if number >= column.possible else "" if number else " class=z"


def _text(column: Column, cell: Cell) -> str:
    if isinstance(cell, Linked):
        return f'<a href="{escape(cell.href)}">{_text(column, cell.cell)}</a>'
    if isinstance(cell, tuple):
        names = ", ".join(map(_safe, cell))
        return names if len(cell) <= _NAMES else f"<details><summary>{len(cell)} of them</summary>{names}</details>"
    return _safe(cell) if isinstance(cell, str) else escape(worded(cell, column.kind))


def _safe(text: str) -> str:
    """A text that somebody else chose; one that may read from the right turns nothing around it."""
    safe = escape(shown(text))
    return safe if safe.isascii() else f"<bdi>{safe}</bdi>"
