"""A CSV file that a service has written, or a spreadsheet has saved again: read whole, and written in the same form. Pure."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Sheet", "read_sheet"]

_SEPARATORS = ",;\t"
_AGAIN = "export it from the service again, or save it as CSV in UTF-8"


class Sheet(msgspec.Struct, frozen=True):
    """The cells of a file, and how they were written; all rows are as long as the first."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    separator: str = ","
    marked: bool = False
    """Whether a byte order mark stands before it, without which some spreadsheets read no umlaut."""
    end: str = "\n"

    @property
    def headings(self) -> tuple[str, ...]:
        """The first row."""
        return self.rows[0]

    def with_rows(self, rows: Iterable[Sequence[str]]) -> Sheet:
        """The same file with other cells."""
        return replace(self, rows=tuple(map(tuple, rows)))

    def encoded(self) -> bytes:
        """The file, in UTF-8."""
        lines = (self.separator.join(map(self._cell, row)) + self.end for row in self.rows)
        return codecs.BOM_UTF8 * self.marked + "".join(lines).encode()

    def _cell(self, text: str) -> str:
        """A cell, in quotes where it needs them; the csv module leaves a lone carriage return without."""
        if any(letter in text for letter in ('"', "\r", "\n", self.separator)):
            return '"' + text.replace('"', '""') + '"'
        return text


def read_sheet(data: bytes, name: str) -> Sheet:
    """The cells of a file; `name` is for messages. Raises UsageError where it is no such file."""
    text, marked = _text(data, name)
    first = text.partition("\n")[0]
    end = "\r\n" if first.endswith("\r") else "\n"
    separator = max(_SEPARATORS, key=first.count)
    rows = _rows(text, separator, name)
    if not rows or len(rows[0]) < 2:  # noqa: PLR2004
        raise UsageError(f"{name} has no columns that are separated by commas, semicolons or tabs; {_AGAIN}")
    width = len(rows[0])
    for number, row in enumerate(rows, start=1):
        if any(row[width:]):
            raise UsageError(
                f"{name}: row {number} has {len(row)} cells, and the first one {width}: a cell with a separator in it "
                f"has lost its quotes; {_AGAIN}"
            )
    return Sheet(name, tuple(tuple(row[:width] + [""] * (width - len(row))) for row in rows), separator, marked, end)


def _text(data: bytes, name: str) -> tuple[str, bool]:
    """The text of a file, and whether it was marked. Raises UsageError where it is none."""
    if data.startswith(b"PK"):
        raise UsageError(f"{name} is a workbook or an archive, not CSV; {_AGAIN}")
    marked = data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UsageError(
            f"{name} is not in UTF-8 (byte 0x{data[error.start]:02x} in line {line}): names in it could be misread; {_AGAIN}"
        ) from None
    if "\0" in text:
        raise UsageError(f"{name} is no text; {_AGAIN}")
    return text, marked


def _rows(text: str, separator: str, name: str) -> list[list[str]]:
    """The cells. Raises UsageError where quotes do not match, or in what is no text."""
    before = csv.field_size_limit(len(text) + 1)  # an answer in Moodle's worksheet may be longer than the default
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        return [row for row in reader if row]
    except csv.Error as error:
        raise UsageError(f"{name}: line {reader.line_num} is not CSV ({error}); {_AGAIN}") from None
    finally:
        csv.field_size_limit(before)
