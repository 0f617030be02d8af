"""Which cells of a student's notebook make up the program for an exercise. Pure: text in, text out; nothing is parsed.

A notebook is run from the top to the cell that answers the exercise, as it would be in Jupyter. Other ways to read it
are tried where that program fails before it has answered: without the cells of other exercises, with the cells below
the answer, with the answer alone. So what a student wrote for one exercise does not cost the points of another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader import wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from grader.grade import Attempt

__all__ = ["Cell", "Reading", "best_attempt", "defines", "readings", "reviewed"]

Program = tuple[wire.Chunk, ...]

_MAX_RUNS = 6

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


@dataclass(frozen=True, slots=True)
class Cell:
    """A code cell of a student's own."""

    name: str
    source: str
    grade_id: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell as far as it is a program: what is left of it, or why it is not run."""

    cell: Cell
    notes: tuple[str, ...] = ()
    forbidden: str = ""


def defines(source: str, function: str) -> bool:
    """Whether a cell looks as if it defined a function, or assigned to its name, at its top level."""
    return (
        re.search(
            rf"^(?:(?:async[ \t]+)?def[ \t]+{function}\b|{function}[ \t]*(?::[^=\n]*)?=(?!=))", source, re.MULTILINE
        )
        is not None
    )


def reviewed(cell: Cell) -> Reading:
    """A cell without what only IPython understands. The worker leaves out the lines that begin with % or !."""
    code = _NOT_CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), cell.source)
    commands = [_command(match.group(1)) for match in _COMMAND.finditer(code)]
    commands += [f"{_command(match.group(1))} after =" for match in _ASSIGNED_COMMAND.finditer(code)]
    for command in commands:
        if command in _FORBIDDEN_MAGICS or (command[0] == "!" and command not in _HARMLESS) or command.endswith("="):
            why = f"`{command}` in {cell.name} runs a command or another file, which is not allowed: remove that line"
            return Reading(cell, forbidden=why)
    known = _HARMLESS | _NO_PYTHON | _CELL_TIMES
    notes = tuple(dict.fromkeys(f"`{command}` in {cell.name} was ignored" for command in commands if command in known))
    source = cell.source
    if any(command in _NO_PYTHON for command in commands):
        source = ""
    if asked := [match.span() for match in _HELP.finditer(code)]:
        first = code[slice(*asked[0])].strip()
        notes += (f"`{first}` in {cell.name} was ignored" + ", and other questions" * (len(asked) > 1),)
        source = _without(source, asked)
    return Reading(Cell(cell.name, source, cell.grade_id), notes)


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """A text without the given spans of it, which come in order."""
    begins, ends = [0, *(end for _, end in spans)], [*(begin for begin, _ in spans), len(text)]
    return "".join(text[begin:end] for begin, end in zip(begins, ends, strict=True))


def _command(text: str) -> str:
    """The name of a magic or of a shell command, as it is listed."""
    return re.sub(r"^!!?[ \t]*", "!", text)


def readings(
    cells: Sequence[Cell], functions: Sequence[str], own_id: str, others: Mapping[str, Iterable[str]]
) -> tuple[Program, ...]:
    """The programs that a notebook may be for an exercise, the most literal first; none where no cell answers it.

    The last is that of the answer's own cells. `functions` are asked for, in cells of the grade_id `own_id` or
    anywhere; `others` are the functions of the other exercises, by the grade_id of their answer's cell.
    """
    own = {
        index
        for index, cell in enumerate(cells)
        if cell.grade_id == own_id or any(defines(cell.source, function) for function in functions)
    }
    if not own:
        return ()
    foreign = {index for index, cell in enumerate(cells) if index not in own and _answers(cell, others)}
    until = range(max(own) + 1)
    chosen = (until, [i for i in until if i not in foreign], range(len(cells)), sorted(own))
    programs = (tuple(wire.Chunk(cells[i].name, cells[i].source) for i in indices) for indices in chosen)
    kept = tuple(tuple(chunk for chunk in program if chunk.source.strip()) for program in programs)
    return kept if kept[-1] else ()


def _answers(cell: Cell, others: Mapping[str, Iterable[str]]) -> bool:
    return cell.grade_id in others or any(
        defines(cell.source, function) for functions in others.values() for function in functions
    )


def best_attempt(programs: Sequence[Program], run: Callable[[Program], Attempt]) -> tuple[Attempt, tuple[str, ...]]:
    """Run the programs until one answers: the attempt with the best score, and the cells left out since they fail."""
    waiting = list(programs)
    tried: set[Program] = set()
    answer = set(programs[-1])
    best: Attempt | None = None
    left_out: tuple[str, ...] = ()
    dropped: dict[Program, tuple[str, ...]] = {}
    while waiting and len(tried) < _MAX_RUNS:
        program = waiting.pop(0)
        if program in tried:
            continue
        tried.add(program)
        attempt = run(program)
        if best is None or attempt.result.score > best.result.score:
            best, left_out = attempt, dropped.get(program, ())
        failure = _failure(attempt)
        if failure is None:
            break
        if isinstance(failure, wire.Stopped):
            # Each further reading may take as long: the shortest tells whether the answer itself is at fault.
            waiting = waiting[-1:]
            continue
        rest = tuple(chunk for chunk in program if chunk.name != failure.chunk or chunk in answer)
        if rest != program:
            dropped[rest] = (*dropped.get(program, ()), failure.chunk)
            waiting.insert(0, rest)
    if best is None:
        raise ValueError("no program to run")
    return best, left_out


def _failure(attempt: Attempt) -> wire.Raised | wire.Stopped | None:
    """What kept a program from answering, where another reading of the notebook may do better."""
    for outcomes in attempt.outcomes:
        for outcome in outcomes:
            if isinstance(outcome, wire.Stopped):
                return outcome
            if isinstance(outcome, wire.Raised) and (outcome.loading or outcome.kind == "NameError"):
                return outcome
    return None
