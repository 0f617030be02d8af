"""A notebook becomes the code in its cells, as text: its JSON is read as far as it matters, and nothing is run."""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice

import msgspec

from grader.submissions.cells import CHECKS, is_answer
from grader.wire.messages import Chunk

__all__ = ["NotebookError", "notebook_chunks", "with_whole_characters"]

MAX_CELLS = 10_000
MAX_CODE_BYTES = 16 * 2**20
"""How much JSON a notebook's code cells may fill: far above the largest source that is graded."""


# As text, which is compiled when it is first needed.
_PROMPTS = (
    (r"\n*>>>(?=[ \n]|\Z)", r"(?m)^(?:>>>|\.\.\.)(?: |$)"),
    (r"\n*In \[\d+\]: ", r"(?m)^(?:In \[\d+\]: |[ \t]*\.{3,}: ?)"),
)
"""What the first line of a session begins with, Python's or IPython's, and what stands in front of all of its lines."""


class NotebookError(Exception):
    """The notebook cannot be read; the message is one sentence for its student."""


class _Cell(msgspec.Struct, gc=False):
    """One cell, of format 4 (`source`) or older (`input`); its outputs are skipped, not built."""

    cell_type: str
    source: msgspec.Raw = msgspec.Raw(b'""')
    input: msgspec.Raw = msgspec.Raw(b'""')
    metadata: msgspec.Raw = msgspec.Raw(b"{}")


class _Worksheet(msgspec.Struct, gc=False):
    cells: list[_Cell]


class _Notebook(msgspec.Struct):
    nbformat: int
    cells: list[_Cell] = []
    worksheets: list[_Worksheet] = []


class _Nbgrader(msgspec.Struct):
    grade_id: str = ""
    grade: bool = False
    solution: bool = False


class _Metadata(msgspec.Struct):
    nbgrader: _Nbgrader = msgspec.field(default_factory=_Nbgrader)


_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_notebooks = msgspec.json.Decoder(_Notebook)
_metadata = msgspec.json.Decoder(_Metadata)
_texts = msgspec.json.Decoder(str | list[str])

_HALF = re.compile(
    rb"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD])[c-fC-F][0-9a-fA-F]{2})"
)
"""The escape of one half of a surrogate pair, without the other beside it."""
_MAX_HALVES = 10_000


def with_whole_characters(data: bytes) -> bytes:
    """JSON in which the half of a character that is escaped, which no text may hold, is the sign for an unknown one.

    Output that was cut in the middle of an emoji has such a half: it says nothing of the code in other cells. Of very many
    the first are mended alone, so that the time is bounded by the size.
    """
    if not _HALF.search(data):
        return data
    mended = bytearray(data)
    # A backslash that is itself escaped begins no escape.
    for half in islice(_HALF.finditer(data.replace(rb"\\", b"..")), _MAX_HALVES):
        mended[half.start() : half.end()] = rb"\ufffd"
    return bytes(mended)


def notebook_chunks(data: bytes) -> tuple[Chunk, ...]:
    """The code cells of an .ipynb file, in order, each named by its number among those of its type.

    Left out are empty cells and nbgrader's test cells (graded, and not the student's to write) but the course's own, all of
    which are counted. An answer in a cell that was made a Markdown cell, or a raw one, is in one of them by mistake.
    Raises NotebookError for what is not a notebook of format 2 to 4, or has too many cells or too much code.
    """
    cells = _cells(data)
    if (
        sum(memoryview(raw).nbytes for cell in cells if cell.cell_type == "code" for raw in (cell.source, cell.input))
        > MAX_CODE_BYTES
    ):
        raise NotebookError(f"The notebook's code cells hold more than {MAX_CODE_BYTES >> 20} MB.")
    chunks = []
    numbers: Counter[str] = Counter()
    for cell in cells:
        numbers[cell.cell_type] += 1
        nbgrader = _nbgrader(cell)
        test = nbgrader.grade and not nbgrader.solution and not nbgrader.grade_id.startswith(CHECKS)
        if test or (cell.cell_type != "code" and not nbgrader.solution):
            continue
        name = f"{cell.cell_type} cell {numbers[cell.cell_type]}"
        chunk = Chunk(name, _text(name, cell), nbgrader.grade_id)
        if cell.cell_type == "code" or is_answer(chunk.grade_id, chunk.source):
            chunks.append(chunk)
    return tuple(chunk for chunk in chunks if chunk.source.strip())


def _cells(data: bytes) -> list[_Cell]:
    """All cells of a notebook, as much of them as matters."""
    try:
        notebook = _notebooks.decode(with_whole_characters(data.removeprefix(b"\xef\xbb\xbf")))
    except msgspec.ValidationError as error:
        raise NotebookError(f"The file is JSON, but not a notebook: {error}.") from None
    except msgspec.DecodeError as error:
        raise NotebookError(f"The file is not a notebook, which is JSON in UTF-8: {error}.") from None
    except UnicodeDecodeError:
        raise NotebookError("The file is not a notebook: its text is not UTF-8.") from None
    except RecursionError:
        raise NotebookError("The file is nested too deeply for a notebook.") from None
    if notebook.nbformat not in (2, 3, 4):
        raise NotebookError("The notebook has an unknown format; save it in format 4, as Jupyter does.")
    cells = notebook.cells
    if notebook.nbformat < 4:  # noqa: PLR2004  format 4 did away with worksheets
        cells = [cell for worksheet in notebook.worksheets for cell in worksheet.cells]
    if len(cells) > MAX_CELLS:
        raise NotebookError(f"The notebook has {len(cells)} cells; at most {MAX_CELLS} are read.")
    return cells


def _text(name: str, cell: _Cell) -> str:
    """A code cell's text: a string, or lines that carry their own newlines."""
    try:
        pieces = [_texts.decode(raw) for raw in (cell.source, cell.input)]
        text = "".join("".join(piece) for piece in pieces)
    except _UNREADABLE:
        # A string cannot hold bytes that are not UTF-8.
        raise NotebookError(f"The source of {name} cannot be read: it is not text, or not valid UTF-8.") from None
    return _without_prompts(text)


def _without_prompts(text: str) -> str:
    """What was copied from a session, as IPython runs it: its first line begins with a prompt, which is no Python."""
    for first, prompt in _PROMPTS:
        if re.match(first, text):
            return re.sub(prompt, "", text)
    return text


def _nbgrader(cell: _Cell) -> _Nbgrader:
    """What nbgrader's metadata say of a cell; metadata that are none say nothing."""
    try:
        return _metadata.decode(cell.metadata).nbgrader
    except _UNREADABLE:
        return _Nbgrader()
