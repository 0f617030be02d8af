"""A CSV file that a person has written or saved: in whichever separator and encoding, its lines numbered. Pure."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["columns_of", "lines_of"]

_SEPARATORS = ",;\t"


def lines_of(data: bytes, name: str) -> list[tuple[int, list[str]]]:
    """The lines that hold anything, numbered; `name` is for messages. Raises UsageError for what is no CSV."""
    text = _text(data)
    heading = next(filter(str.strip, text.splitlines()), "")
    before = csv.field_size_limit(len(text) + 1)  # a written answer may be longer than the default
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(_SEPARATORS, key=heading.count), strict=True)
    try:
        return [(reader.line_num, row) for row in reader if any(map(str.strip, row))]
    except csv.Error as error:
        raise UsageError(
            f"{name} is not a CSV file that can be read (line {reader.line_num}: {error}); export it again"
        ) from None
    finally:
        csv.field_size_limit(before)


def columns_of(
    data: bytes, name: str, columns: Sequence[str], optional: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """The lines below the headings, by the headings of all columns asked for, in whatever case; a cell that is not there is empty.

    Raises UsageError as `lines_of` does, and where a column is missing that is not optional.
    """
    lines = lines_of(data, name)
    headings = [cell.strip().casefold() for cell in lines[0][1]] if lines else []
    if missing := [column for column in columns if column not in headings and column not in optional]:
        raise UsageError(
            f"{name} has no column {' and none '.join(map(repr, missing))}; its first line has to be {','.join(columns)}"
        )
    places = {column: headings.index(column) for column in columns if column in headings}
    return [
        (number, {column: row[places[column]] if places.get(column, len(row)) < len(row) else "" for column in columns})
        for number, row in lines[1:]
    ]


def _text(data: bytes) -> str:
    """What stands in it: UTF-16 where it is marked so, UTF-8, else Windows's Latin letters."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
