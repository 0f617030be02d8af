"""Programs as text: a solution becomes the stub that students get, a notebook becomes the code in its cells."""

from __future__ import annotations

import io
import itertools
import re
import tokenize
from typing import TYPE_CHECKING

import msgspec

from grader.errors import CourseError
from grader.wire.messages import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["NotebookError", "make_stub", "notebook_chunks"]

BEGIN = "### BEGIN SOLUTION"
END = "### END SOLUTION"

_LIKE_A_MARKER = re.compile(r"#[\W_]*(begin|end)[\W_]*solution", re.IGNORECASE)
"""Wider than the two markers: a misspelt one would hand the solution out."""

MAX_CELLS = 10_000
MAX_CODE_BYTES = 16 * 2**20
"""How much JSON a notebook's code cells may fill: far above the largest source that is graded."""


def make_stub(solution: str, path: Path | str) -> str:
    """The solution with `raise NotImplementedError` where each region between BEGIN and END was.

    A region at column 0 holds helpers of the solution's own: it goes without a trace. Raises CourseError, with
    `path` and line, for regions that are missing, open, nested or empty, for a marker that is not a comment line of
    its own, and for a solution or a stub that is not valid Python.
    """
    lines = solution.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    _compile(lines, range(1, len(lines) + 1), path, "the solution is not valid Python")
    stub: list[str] = []
    origins: list[int] = []
    """For each line of the stub, the line of the solution that it came from."""
    after = 0
    for begin, end in _regions(lines, path):
        stub += lines[after:begin]
        origins += range(after + 1, begin + 1)
        after = end + 1
        if indent := _indentation(lines[begin + 1 : end], path, begin + 1):
            stub.append(f"{indent}raise NotImplementedError")
            origins.append(begin + 1)
        else:
            after += min(_blank(reversed(stub)), _blank(lines[after:]))
    stub += lines[after:]
    origins += range(after + 1, len(lines) + 1)
    _compile(stub, origins, path, "without its solution regions this is not valid Python")
    return "\n".join(stub).lstrip("\n").rstrip() + "\n"


def _regions(lines: list[str], path: Path | str) -> Iterator[tuple[int, int]]:
    """The indices of the BEGIN and END lines of each region, in order."""
    comments = _comment_lines(lines)
    begin: int | None = None
    count = 0
    for index, line in enumerate(lines):
        if not _LIKE_A_MARKER.search(line):
            continue
        marker = line.strip()
        if marker not in (BEGIN, END) or index not in comments:
            problem = f"a solution marker is a comment line of its own, exactly `{BEGIN}` or `{END}`"
            raise CourseError(problem, path=path, line=index + 1)
        if marker == END:
            if begin is None:
                raise CourseError(f"`{END}` without a `{BEGIN}` above it", path=path, line=index + 1)
            yield begin, index
            begin = None
            count += 1
        elif begin is not None:
            problem = f"`{BEGIN}` inside the region begun in line {begin + 1}; end that one first"
            raise CourseError(problem, path=path, line=index + 1)
        else:
            begin = index
    if begin is not None:
        raise CourseError(f"`{BEGIN}` without an `{END}` below it", path=path, line=begin + 1)
    if not count:
        problem = f"no solution region; put `{BEGIN}` and `{END}` around what students are to write"
        raise CourseError(problem, path=path)


def _comment_lines(lines: list[str]) -> set[int]:
    """The indices of the lines with a comment; what looks like one inside a string is none."""
    tokens = tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline)
    return {token.start[0] - 1 for token in tokens if token.type == tokenize.COMMENT}


def _indentation(region: list[str], path: Path | str, line: int) -> str:
    """The white space before a region's first statement."""
    for text in region:
        code = text.lstrip()
        if code and not code.startswith("#"):
            return text[: len(text) - len(code)]
    raise CourseError("a solution region with nothing in it", path=path, line=line)


def _blank(lines: Iterable[str]) -> int:
    """How many lines are blank before the first that is not."""
    return sum(1 for _ in itertools.takewhile(lambda line: not line.strip(), lines))


def _compile(lines: list[str], origins: list[int] | range, path: Path | str, problem: str) -> None:
    """Hold a program to be valid Python, and name the original line where it is not."""
    try:
        compile("\n".join(lines), str(path), "exec", dont_inherit=True)
    except SyntaxError as error:
        line = origins[min(error.lineno, len(lines)) - 1] if error.lineno else None
        raise CourseError(f"{problem}: {error.msg}", path=path, line=line) from None
    except (ValueError, RecursionError, MemoryError) as error:  # a lone surrogate; expressions nested too deeply
        raise CourseError(f"{problem}: {error}", path=path) from None


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


def notebook_chunks(data: bytes) -> tuple[Chunk, ...]:
    """The code cells of an .ipynb file, in order, each named by its number among them.

    Left out are empty cells and nbgrader's test cells (graded, and not the student's to write), but they are counted.
    Raises NotebookError for what is not a notebook of format 2 to 4, or has too many cells or too much code.
    """
    cells = [cell for cell in _cells(data) if cell.cell_type == "code"]
    if sum(memoryview(raw).nbytes for cell in cells for raw in (cell.source, cell.input)) > MAX_CODE_BYTES:
        raise NotebookError(f"The notebook's code cells hold more than {MAX_CODE_BYTES >> 20} MB.")
    chunks = []
    for number, cell in enumerate(cells, start=1):
        name, nbgrader = f"code cell {number}", _nbgrader(cell)
        if not nbgrader.grade or nbgrader.solution:
            chunks.append(Chunk(name, _text(name, cell), nbgrader.grade_id))
    return tuple(chunk for chunk in chunks if chunk.source.strip())


def _cells(data: bytes) -> list[_Cell]:
    """All cells of a notebook, as much of them as matters."""
    try:
        notebook = _notebooks.decode(data.removeprefix(b"\xef\xbb\xbf"))
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
        # A string cannot hold half a surrogate pair, nor bytes that are not UTF-8.
        raise NotebookError(f"The source of {name} cannot be read: it is not text, or not valid UTF-8.") from None
    return text


def _nbgrader(cell: _Cell) -> _Nbgrader:
    """What nbgrader's metadata say of a cell; metadata that are none say nothing."""
    try:
        return _metadata.decode(cell.metadata).nbgrader
    except _UNREADABLE:
        return _Nbgrader()
