"""Which cells of a student's notebook make up the program for an exercise. Text in, text out: nothing is parsed.

A notebook is run from the top to the cell that answers the exercise, as it would be in Jupyter: a cell that raises does
what it can. Other ways to read it are tried where that program does not answer: without the cells of other exercises,
with the cells below the answer, and with what the cells define alone. So what a student wrote for one exercise, or to
train and plot, does not cost the points of another.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.wire.messages import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.wire import messages as wire

__all__ = ["NotebookReading", "ReviewedCell", "defines", "readings", "reviewed", "solution_id"]

_HARMLESS = frozenset(
    ["%alias_magic", "%autoreload", "%capture", "%conda", "%config", "%load_ext", "%matplotlib", "%pdb", "%pinfo",
     "%pip", "%precision", "%prun", "%pylab", "%pwd", "%reload_ext", "%reset", "%time", "%timeit", "%who", "%whos",
     "%xmode", "!conda", "!echo", "!ls", "!mamba", "!nvidia-smi", "!pip", "!pip3", "!pwd", "!uv"]
)  # fmt: skip
"""What a notebook's answer does not depend on: it is left out, and the student told so."""

_NO_PYTHON = frozenset(["%%html", "%%javascript", "%%js", "%%latex", "%%markdown", "%%svg"])
"""Cell magics whose cell is no program."""

_CELL_TIMES = frozenset(["%%capture", "%%prun", "%%time", "%%timeit"])

_FORBIDDEN_MAGICS = frozenset(
    ["%%!", "%%bash", "%%cmd", "%%cython", "%%file", "%%perl", "%%pypy", "%%python", "%%python2", "%%python3", "%%ruby",
     "%%script", "%%sh", "%%sx", "%%system", "%%writefile", "%bash", "%cd", "%edit", "%env", "%load", "%loadpy",
     "%macro", "%run", "%save", "%sc", "%script", "%set_env", "%store", "%sx", "%system"]
)  # fmt: skip

# Possessive where one part could take what the next one does: a student's text costs time in proportion to its length.
_NOT_CODE = re.compile(r'#[^\n]*|("""|\'\'\').*?(?:\1|\Z)|"(?:\\.|[^"\\\n])*+"?|\'(?:\\.|[^\'\\\n])*+\'?', re.DOTALL)
_COMMAND = re.compile(r"^[ \t]*(%%?[A-Za-z]\w*|%%!|!!?(?!=)[ \t]*[\w./~-]*)", re.MULTILINE)
_ASSIGNED_COMMAND = re.compile(r"^[\w, \t]++=[ \t]*(%[A-Za-z]\w*|!(?!=)[ \t]*[\w./~-]*)", re.MULTILINE)
_HELP = re.compile(r"^[ \t]*(?:\?{1,2}[\w.]+|[\w.]+\?{1,2})[ \t]*$", re.MULTILINE)


def solution_id(exercise: str) -> str:
    """The name that nbgrader's metadata give to the cell that a student writes the answer into."""
    return f"solution-{exercise}"


@dataclass(frozen=True, slots=True)
class ReviewedCell:
    """A cell as far as it is a program: what is left of it, or why it is not run."""

    cell: Chunk
    notes: tuple[str, ...] = ()
    forbidden: str = ""


@dataclass(frozen=True, slots=True)
class NotebookReading:
    """One way to read a notebook as a program: some of its cells, and how they are run."""

    chunks: tuple[Chunk, ...]
    mode: wire.Mode = "cells"

    @staticmethod
    def of(cells: Iterable[Chunk]) -> NotebookReading:
        """The cells that hold something, as they stand."""
        return NotebookReading(tuple(cell for cell in cells if cell.source.strip()))


def defines(source: str, name: str) -> bool:
    """Whether a cell looks as if it defined a function or class, or assigned to its name, at its top level."""
    pattern = rf"^(?:(?:(?:async[ \t]+)?def|class)[ \t]+{name}\b|{name}[ \t]*(?::[^=\n]*)?=(?!=))"
    return re.search(pattern, source, re.MULTILINE) is not None


def reviewed(cell: Chunk) -> ReviewedCell:
    """A cell without what only IPython understands. The worker leaves out the lines that begin with % or !."""
    code = _NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), cell.source)
    commands = [_command(match.group(1)) for match in _COMMAND.finditer(code)]
    commands += [f"{_command(match.group(1))} after =" for match in _ASSIGNED_COMMAND.finditer(code)]
    for command in commands:
        if command in _FORBIDDEN_MAGICS or (command[0] == "!" and command not in _HARMLESS) or command.endswith("="):
            why = f"`{command}` in {cell.name} runs a command or another file, which is not allowed: remove that line"
            return ReviewedCell(cell, forbidden=why)
    known = _HARMLESS | _NO_PYTHON | _CELL_TIMES
    notes = tuple(dict.fromkeys(f"`{command}` in {cell.name} was ignored" for command in commands if command in known))
    source = cell.source
    if any(command in _NO_PYTHON for command in commands):
        source = ""
    if asked := [match.span() for match in _HELP.finditer(code)]:
        first = code[slice(*asked[0])].strip()
        notes += (f"`{first}` in {cell.name} was ignored" + ", and other questions" * (len(asked) > 1),)
        source = _without(source, asked)
    return ReviewedCell(Chunk(cell.name, source, cell.grade_id), notes)


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """A text without the given spans of it, which come in order."""
    begins, ends = [0, *(end for _, end in spans)], [*(begin for begin, _ in spans), len(text)]
    return "".join(text[begin:end] for begin, end in zip(begins, ends, strict=True))


def _command(text: str) -> str:
    """The name of a magic or of a shell command, as it is listed."""
    return re.sub(r"^!!?[ \t]*", "!", text)


def readings(
    cells: Sequence[Chunk], functions: Sequence[str], own_id: str, others: Mapping[str, Iterable[str]]
) -> tuple[NotebookReading, ...]:
    """The programs that a notebook may be for an exercise, the most literal first; none where no cell answers it.

    The last is what the cells define. `functions` are asked for, in cells of the grade_id `own_id` or anywhere; `others`
    are the functions of the other exercises, by the grade_id of their answer's cell.
    """
    own = {
        index
        for index, cell in enumerate(cells)
        if cell.source.strip()
        and (cell.grade_id == own_id or any(defines(cell.source, function) for function in functions))
    }
    if not own:
        return ()
    foreign = {index for index, cell in enumerate(cells) if index not in own and _answers(cell, others)}
    until = range(max(own) + 1)
    chosen = (until, [index for index in until if index not in foreign], range(len(cells)))
    programs = [NotebookReading.of([cells[index] for index in indices]) for indices in chosen]
    return (*dict.fromkeys(programs), dataclasses.replace(programs[-1], mode="definitions"))


def _answers(cell: Chunk, others: Mapping[str, Iterable[str]]) -> bool:
    return cell.grade_id in others or any(
        defines(cell.source, function) for functions in others.values() for function in functions
    )
