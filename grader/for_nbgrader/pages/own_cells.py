"""A cell of the instructor's own, as a student's page has it: all that was handed in is text, or a picture. Pure."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

from grader.building.typeset import typeset
from grader.names import shown_lines
from grader.reports.pages import template

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from nbformat import NotebookNode

__all__ = ["own_cells"]

_LONGEST = 20_000
"""How many characters of a text are set, and how many of an output are shown."""
_CUT = "\n... cut off here: the notebook has all of it"
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")


class _Output(msgspec.Struct, frozen=True, kw_only=True):
    """What a cell showed: a picture's address, or a text."""

    picture: str = ""
    text: str = ""


class _Cell(msgspec.Struct, frozen=True, kw_only=True):
    source: str
    text: Markup
    """Of a cell with text what it says, set; empty for code."""
    locked: bool
    outputs: tuple[_Output, ...]


def own_cells(cells: Iterable[NotebookNode]) -> str:
    """The cells in safe HTML; what would run in a page is gone."""
    html: str = template("grader.for_nbgrader", "own.html").render(cells=[_cell(each) for each in cells])
    return html


def _cell(cell: NotebookNode) -> _Cell:
    is_text = cell.cell_type == "markdown" and len(cell.source) <= _LONGEST
    return _Cell(
        source=shown_lines(_cut(cell.source)),
        text=Markup(typeset(cell.source)) if is_text else Markup(),  # noqa: S704  tags in it have become text
        locked=bool(cell.metadata.get("nbgrader", {}).get("locked")),
        outputs=tuple(found for each in cell.get("outputs", ()) for found in _shown(each)),
    )


def _shown(output: Any) -> Iterator[_Output]:
    match output:
        case {"output_type": "stream", "text": str(text)}:
            yield _Output(text=shown_lines(_cut(text)))
        case {"output_type": "error", "ename": str(name), "evalue": str(message)}:
            yield _Output(text=shown_lines(_cut(f"{name}: {message}")))
        case {"data": {**data}}:
            found = {kind: content for kind, content in data.items() if isinstance(content, str)}
            if picture := next((kind for kind in _PICTURES if kind in found), ""):
                yield _Output(picture=_address(picture, found[picture]))
            elif "text/plain" in found:
                yield _Output(text=shown_lines(_cut(found["text/plain"])))


def _address(kind: str, content: str) -> str:
    """A picture in an address of its own, where nothing of it acts."""
    data = base64.b64encode(content.encode()).decode() if kind == "image/svg+xml" else "".join(content.split())
    return f"data:{kind};base64,{data}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + _CUT
