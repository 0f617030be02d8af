"""Which cells of a student's notebook make up the program for an exercise. Text in, text out: nothing is parsed.

A notebook is run from the top to the last cell that answers the exercise, as it would be in Jupyter. The program down to the
cell of the exercise's checks counts as well: that is what Jupyter showed the student, whatever stands below. Other ways
to read it are tried where these do not answer: without the cells of other exercises, with the cells below the answer, and,
where a cell does not end, with what the cells define alone. So what a student wrote for one exercise, or to train and plot,
does not cost the points of another. Of the course's own locked cells what they import is run, and nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import msgspec

from grader.wire.messages import Chunk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.wire import messages as wire

__all__ = [
    "CHECKS",
    "EXAMPLES",
    "ProgramReading",
    "ReviewedCell",
    "answers",
    "bound_in",
    "checks_id",
    "is_answer",
    "is_released",
    "readings",
    "reviewed",
    "solution_id",
]

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

# As text, which is compiled when it is first needed: for notebooks alone.
# Possessive where one part could take what the next one does: a student's text costs time in proportion to its length.
_NOT_CODE = r'(?s)#[^\n]*|("""|\'\'\').*?(?:\1|\Z)|"(?:\\.|[^"\\\n])*+"?|\'(?:\\.|[^\'\\\n])*+\'?'
_COMMAND = r"(?m)^[ \t]*(%%?[A-Za-z]\w*|%%!|!!?(?!=)[ \t]*[\w./~-]*)"
_ASSIGNED_COMMAND = r"(?m)^[\w, \t]++=[ \t]*(%[A-Za-z]\w*|!(?!=)[ \t]*[\w./~-]*)"
_HELP = r"(?m)^[ \t]*(?:\?{1,2}[\w.]+|[\w.]+\?{1,2})[ \t]*$"


_IMPORT = r"(?m)^(?:import|from)[ \t]++[^\n(\\;]++$"
_DEFINITION = r"(?m)^(?:(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(|class[ \t]+\w+[ \t]*[(:])"

_BOUND = r"(?:(?:async[ \t]++)?def|class)[ \t]++(\w++)|(\w++)[ \t]*+:[^=\n]*+=(?!=)"
_TARGETS = r"(?:\*?\w++[ \t]*+(?:,[ \t]*+(?:=(?!=)[ \t]*+)?+|=(?!=)[ \t]*+))++"
"""What an assignment binds, as far as its last `=`; names that stand in a row behind that are values."""
_SCOPE = r"(?:(?:async[ \t]+)?def|class)\b"
_BLOCK = r"(?:async[ \t]+)?(?:if|elif|else|try|except|finally|with|for|while|match|case)\b"
_DEFINING = ("def", "class", "async")
_HEADING = ("async", "if", "elif", "else", "try", "except", "finally", "with", "for", "while", "match", "case")

SOLUTION, EXAMPLES, CHECKS = "solution-", "examples-", "checks-"
"""What the names begin with that nbgrader's metadata give to the cells of an exercise; its id follows."""


def solution_id(exercise: str) -> str:
    """The name of the cell that a student writes the answer into."""
    return SOLUTION + exercise


def checks_id(exercise: str) -> str:
    """The name of the cell that the hidden checks' points are given in, below the answer and the examples."""
    return CHECKS + exercise


def is_released(cell: Chunk) -> bool:
    """Whether a cell is one of the course's own, locked: the examples or the checks of an exercise."""
    return cell.grade_id.startswith((EXAMPLES, CHECKS))


def is_answer(grade_id: str, source: str) -> bool:
    """Whether a cell that is no code cell any more is an answer all the same: it has its name, and defines something."""
    return grade_id.startswith(SOLUTION) and re.search(_DEFINITION, source) is not None


def answers(cell: Chunk, exercise: str, names: Iterable[str]) -> bool:
    """Whether a cell is the one to write an exercise's answer into, or looks as if it defined one of the names asked for."""
    return cell.grade_id == solution_id(exercise) or not bound_in(cell.source).isdisjoint(names)


class ReviewedCell(msgspec.Struct, frozen=True):
    """A cell as far as it is a program: what is left of it, or why it is not run."""

    cell: Chunk
    notes: tuple[str, ...] = ()
    forbidden: str = ""


class ProgramReading(msgspec.Struct, frozen=True):
    """One way to read what was handed in as a program: a file, or some of the cells of a notebook, and how they are run."""

    chunks: tuple[Chunk, ...]
    mode: wire.Mode = "all"
    rescue: bool = False
    """Whether it is worth a try only where no other has given an answer."""
    own: frozenset[str] = frozenset()
    """The cells that answer the exercise, by name; none for a file."""
    later: tuple[Chunk, ...] = ()
    """Those of them that stand below what is read."""


def bound_in(source: str) -> frozenset[str]:
    """The names that a cell looks as if it defined or assigned to: in no function or class, but in any other block.

    All at once: a student chooses how many lines there are, and a course how many names are asked for.
    """
    found: set[str] = set()
    scope = -1
    """How far the function or class is indented that a line stands in."""
    blocks: list[tuple[int, int]] = []
    """How far the head of each block is that a line stands in, and its body; what is at neither goes on with a line above."""
    head = -1
    for line in source.split("\n"):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip())
        if -1 < scope < indent:
            continue
        scope = -1
        if -1 < head < indent:
            blocks.append((head, indent))
        head = -1
        while blocks and indent <= blocks[-1][0]:
            blocks.pop()
        if indent != (blocks[-1][1] if blocks else 0):
            continue
        # Most lines are told by how they begin: a program may have half a million.
        defining = text.startswith(_DEFINING)
        if defining or "=" in text:
            found.update(_bound_by(text))
        if defining and re.match(_SCOPE, text):
            scope = indent
        elif text.startswith(_HEADING) and re.match(_BLOCK, text):
            head = indent
    return frozenset(found)


def _bound_by(text: str) -> Iterator[str]:
    """The names that a statement looks as if it bound which begins so."""
    if bound := re.match(_BOUND, text):
        yield bound[1] or bound[2]
    if targets := re.match(_TARGETS, text):
        yield from re.findall(r"\w+", targets[0].rpartition("=")[0])


def reviewed(cell: Chunk) -> ReviewedCell:
    """A cell without what only IPython understands. The worker leaves out the lines that begin with % or !."""
    code = re.sub(_NOT_CODE, lambda match: re.sub(r"[^\n]", " ", match.group()), cell.source)
    commands = [_command(match.group(1)) for match in re.finditer(_COMMAND, code)]
    commands += [f"{_command(match.group(1))} after =" for match in re.finditer(_ASSIGNED_COMMAND, code)]
    for command in commands:
        if command in _FORBIDDEN_MAGICS or (command[0] == "!" and command not in _HARMLESS) or command.endswith("="):
            why = f"`{command}` in {cell.name} runs a command or another file, which is not allowed: remove that line"
            return ReviewedCell(cell, forbidden=why)
    known = _HARMLESS | _NO_PYTHON | _CELL_TIMES
    notes = tuple(dict.fromkeys(f"`{command}` in {cell.name} was ignored" for command in commands if command in known))
    source = cell.source
    if any(command in _NO_PYTHON for command in commands):
        source = ""
    if asked := [match.span() for match in re.finditer(_HELP, code)]:
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
    cells: Sequence[Chunk], functions: Sequence[str], exercise: str, others: Mapping[str, Iterable[str]]
) -> tuple[ProgramReading, ...]:
    """The programs that a notebook may be for an exercise, the most literal first; none where no cell answers it.

    `functions` are asked for, in the cell of the exercise's answer or anywhere; `others` are those of the other exercises.
    """
    bound = [bound_in(cell.source) for cell in cells]
    own = [
        index
        for index, cell in enumerate(cells)
        if cell.source.strip()
        and not is_released(cell)
        and (cell.grade_id == solution_id(exercise) or not bound[index].isdisjoint(functions))
    ]
    if not own:
        return ()
    ids = {solution_id(name) for name in others}
    names = {function for found in others.values() for function in found}
    foreign = {
        index
        for index, cell in enumerate(cells)
        if index not in own and (cell.grade_id in ids or not bound[index].isdisjoint(names))
    }
    end, shown = own[-1] + 1, _shown(cells, bound, functions, exercise, own)
    everything = range(len(cells))

    def reading(indices: Iterable[int], mode: wire.Mode = "all", *, rescue: bool = True) -> ProgramReading:
        until = list(indices)
        later = tuple(cells[index] for index in own if index > until[-1])
        named = frozenset(cells[index].name for index in own)
        return ProgramReading(
            (*_imports_of_released(cells), *(cells[index] for index in until if _runs(cells[index]))),
            mode, rescue, named, later,
        )  # fmt: skip

    found: dict[tuple[tuple[Chunk, ...], wire.Mode], ProgramReading] = {}
    for each in (
        reading(range(end), rescue=False),
        reading(range(shown), rescue=False),
        reading(index for index in range(end) if index not in foreign),
        reading(everything),
        reading(range(shown), "definitions"),
        reading(everything, "definitions"),
    ):
        found.setdefault((each.chunks, each.mode), each)
    return tuple(found.values())


def _shown(
    cells: Sequence[Chunk], bound: Sequence[frozenset[str]], functions: Sequence[str], exercise: str, own: Sequence[int]
) -> int:
    """How many cells stand above what shows the student whether the answer is right: the cell of the exercise's checks.

    Where that is not to be had, down to the answer's own cell, or to the first by which all functions are defined.
    """
    checks = [index for index, cell in enumerate(cells) if cell.grade_id == checks_id(exercise) and index > own[0]]
    if checks:
        return checks[-1]
    if answers := [index for index in own if cells[index].grade_id == solution_id(exercise)]:
        return answers[-1] + 1
    missing = set(functions)
    for index in own:
        missing -= bound[index]
        if not missing:
            return index + 1
    return own[-1] + 1


def _runs(cell: Chunk) -> bool:
    return bool(cell.source.strip()) and not is_released(cell)


def _imports_of_released(cells: Sequence[Chunk]) -> tuple[Chunk, ...]:
    """What the course's own locked cells import, which in Jupyter a student's functions find when they are called."""
    lines = dict.fromkeys(line for cell in cells if is_released(cell) for line in re.findall(_IMPORT, cell.source))
    return (Chunk("the course's own cells", "\n".join(lines)),) if lines else ()
