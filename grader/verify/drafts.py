"""A draft of a misconception for wrong values that nothing names: a change of the course's own formulas that gives them.

It holds nothing of a student's: what goes into a checks file is run by the trusted process.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from grader.building.stub import BEGIN, END
from grader.errors import UsageError
from grader.files import write_atomically
from grader.grading.attempt import packages, run_and_judge
from grader.judging.compare import arranged, compare
from grader.syntax import parse
from grader.verify.mutants import mutants
from grader.verify.programs import capped
from grader.wire import messages as wire
from grader.wire.values import arrays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from grader.building.compiler import Compiled
    from grader.course.model import Exercise
    from grader.grading.pool import Bench
    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey

    Outcomes = Sequence[Sequence[wire.Outcome]]

__all__ = ["Origin", "append_draft", "origin", "source_of"]

_SENTENCE = "TODO: the sentence that a student reads."


class Origin(msgspec.Struct, frozen=True):
    """Where values come from: a formula of the course's, and the change of it."""

    formula: str
    change: str
    source: str
    """The changed function, undecorated, with what it needs of its file inside it."""


def origin(  # noqa: PLR0913
    bench: Bench, exercise: Exercise, made: Compiled, source: str, function: str, outcomes: Outcomes
) -> Origin | None:  # fmt: skip
    """The first change of the reference, whose file is `source`, or of a misconception that gives the values of `outcomes`.

    These are those of the key's checks of that function; they are compared on all cases with a value. Raises WorkerError.
    """
    asked = [index for index, check in enumerate(made.key.checks) if check.function == function and not check.judge]
    key = msgspec.structs.replace(made.key, checks=tuple(made.key.checks[index] for index in asked), misconceptions={})
    values = [outcomes[index] for index in asked]
    sandbox = bench.sandbox(packages(exercise))
    for formula, program in _formulas(made, source, function):
        for mutant in mutants(program):
            chunk = wire.Chunk(f"{exercise.id}.py", mutant.source)
            got = run_and_judge(sandbox, capped(exercise), key, (chunk,)).outcomes
            if got and _agree(key, values, got):
                return Origin(formula, mutant.description, _function(mutant.source, function))
    return None


def _formulas(made: Compiled, source: str, function: str) -> Iterator[tuple[str, str]]:
    """The programs to be changed: the reference, then each misconception of the function that needs nothing beside it."""
    if _defined(source, function) is not None:
        yield "the reference", source
    for name, thing in made.misconceptions.items():
        text = source_of(thing.answer) if (thing.function or function) == function else ""
        wanted = _defined(text, thing.answer.__name__)
        if wanted is not None:
            wanted.name, wanted.decorator_list = function, []
            yield f"the misconception {name}", f"import numpy as np\n{BEGIN}\n{ast.unparse(wanted)}\n{END}\n"


def source_of(function: Callable[..., Any]) -> str:
    """The source of a function; empty where it has none of its own, as what a family of slips is made of."""
    try:
        text = textwrap.dedent(inspect.getsource(function))
        parse(text)
    except (OSError, TypeError, SyntaxError):
        return ""
    return text


def _defined(source: str, name: str) -> ast.FunctionDef | None:
    """The function of that name at the top of a source."""
    found = (node for node in parse(source).body if isinstance(node, ast.FunctionDef) and node.name == name)
    return next(found, None)


def _agree(key: AnswerKey, values: Outcomes, got: Outcomes) -> bool:
    """Whether two programs have the same values wherever the first has one, with a wrong one of note among them."""
    evident = False
    for check, ours, theirs in zip(key.checks, values, got, strict=True):
        for index, (case, outcome) in enumerate(zip(check.cases, ours, strict=False)):
            if not isinstance(outcome, wire.Returned):
                continue
            other = theirs[index] if index < len(theirs) else None
            if not isinstance(other, wire.Returned) or not _same(check, case, outcome, other):
                return False
            evident = evident or (not check.agrees(case, outcome.value) and _is_of_note(outcome))
    return evident


def _same(check: CheckKey, case: CaseKey, one: wire.Returned, other: wire.Returned) -> bool:
    mine, theirs = (arranged(case.expected, check.names, each.value) for each in (one, other))
    return compare(theirs, mine, case.precision, kinds=False) is None


def _is_of_note(outcome: wire.Returned) -> bool:
    """Whether a value has a finite number other than 0 in it, which does not come of anything."""
    return any((np.isfinite(array.numpy()) & (array.numpy() != 0)).any() for array in arrays(outcome.value))


def _function(program: str, name: str) -> str:
    """The function of that name, without annotations and docstrings; what else the program defines stands inside it."""
    tree = parse(program)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        elif isinstance(node, ast.arg):
            node.annotation = None
    wanted = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name)
    beside = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.Assign | ast.AnnAssign) and node is not wanted
    ]
    wanted.body = [*beside, *wanted.body]
    return ast.unparse(wanted)


def append_draft(path: Path, exercise: str, group: str, arguments: Sequence[str], found: Origin | None) -> str:
    """Put a draft at the end of a checks file, every line of it a comment; gives the draft.

    Raises UsageError where one of this group stands there, OSError.
    """
    text = path.read_text(encoding="utf-8")
    if f"group_{group}" in text:
        raise UsageError(
            f"{path} has a draft of group {group} already: write its sentence, and take out the comment signs"
        )
    draft = "".join(f"{f'# {line}'.rstrip()}\n" for line in _draft(exercise, group, arguments, found).splitlines())
    write_atomically(path, f"{text.rstrip()}\n\n\n{draft}".encode())
    return draft


def _draft(exercise: str, group: str, arguments: Sequence[str], found: Origin | None) -> str:
    if found is None:
        head = (
            f"Draft for group {group} of `grader mistakes`: no change of one place in the reference gives its values."
        )
        code = f"def group_{group}({', '.join(arguments)}):\n    return ..."
    else:
        head = f"Draft for group {group} of `grader mistakes`: the values of {found.formula} with one change,\n{found.change}"
        code = found.source
    name, _, body = code.partition("\n")
    signature = f"def group_{group}({name.partition('(')[2]}"
    return f"""\
{head}
Write the sentence and a name, take out the comment signs, then: grader verify {exercise}

@misconception
{signature}
    \"\"\"{_SENTENCE}\"\"\"
{body}"""
