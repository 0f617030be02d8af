"""What an author's texts say, and what they give away: the task, the sentences for students, names and formulas. Pure."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.judging.answer_key import AnswerKey

__all__ = ["defined_twice", "formulas_told", "left_to_do", "shares_code", "without_a_rubric", "without_a_task"]

_OPERATIONS = (ast.BinOp, ast.BoolOp, ast.Compare, ast.UnaryOp)
_FORMULA = 2
"""So many operations make a formula of what is returned."""


_TO_DO = "TODO:"
"""In a text of an exercise's files: what its author has still to write there. A comment is the author's own."""


def left_to_do(text: str) -> dict[int, str]:
    """What the texts in a file say that is still to be written, by its line; nothing of a file that is not Python."""
    try:
        tree = parse(text)
    except SyntaxError:
        return {}
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    found = {
        number: line.partition(_TO_DO)[2].strip(" \"'")
        for node in strings
        for number, line in enumerate((ast.get_source_segment(text, node) or "").split("\n"), node.lineno)
        if _TO_DO in line
    }
    return dict(sorted(found.items()))


def without_a_task(source: str) -> Iterator[str]:
    """A fault where a reference's docstring has no text but titles: it is what students read."""
    task = ast.get_docstring(parse(source)) or ""
    if not any(line.strip() and not line.startswith("#") for line in task.splitlines()):
        yield "there is no task: write what is asked into the docstring of the reference, the first thing in its file"


def without_a_rubric(key: AnswerKey, rubric: Sequence[str]) -> Iterator[str]:
    """A fault for each check that keeps words for a person, who is not told what to look for in them."""
    for check in key.checks:
        if check.keep and not rubric:
            yield f"{check.name} keeps words for a person to mark: say what to look for, in `rubric`, a list of sentences"


def defined_twice(checks: str, place: str) -> Iterator[str]:
    """A fault for each name of a checks file that a later definition takes: of two checks of one name, one is never run.

    `place` is the file's name.
    """
    known: dict[str, int] = {}
    for node in parse(checks).body:
        if isinstance(node, ast.FunctionDef):
            if node.name in known:
                first = known[node.name]
                yield f"{place}:{node.lineno}: {node.name!r} is defined again, and that of line {first} is lost; rename one"
            known[node.name] = node.lineno


# --- formulas that are given away


def formulas_told(source: str, key: AnswerKey, alterations: Mapping[str, str | None]) -> Iterator[str]:
    """A fault for each sentence that a student may read with a whole formula of the reference in it.

    But for what the task says itself.
    """
    tree = parse(source)
    task = _squeezed(ast.get_docstring(tree) or "")
    formulas = {short: formula for formula in _returned(tree) if (short := _squeezed(formula)) not in task}
    words = ((f"the words of {name!r} in `alterations`", words or "") for name, words in alterations.items())
    for place, sentence in (*_sentences(key), *words):
        text = _squeezed(sentence)
        for squeezed, formula in formulas.items():
            if squeezed in text:
                yield f"the answer `{formula}` is given away in {place}; say what to think of instead"


def _sentences(key: AnswerKey) -> Iterator[tuple[str, str]]:
    yield from ((f"hint {number}", hint) for number, hint in enumerate(key.hints, start=1))
    yield from ((f"the feedback of {name!r}", words) for name, words in key.misconceptions.items())
    yield from ((f"the claim of {check.name!r}", check.claim) for check in key.checks)


def _squeezed(text: str) -> str:
    """A text as it is compared: without spaces, and whatever numpy is called."""
    return re.sub(r"\s|\bnp\.|\bnumpy\.|`", "", text)


def _returned(tree: ast.Module) -> Iterator[str]:
    """What the functions of a reference return, whole or as a part, where it is a formula."""
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        assigned = {
            target.id: node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(function):
            for part in _parts(node.value) if isinstance(node, ast.Return) and node.value else ():
                # What has a name of its own is returned by that.
                value = assigned.get(part.id, part) if isinstance(part, ast.Name) else part
                if sum(isinstance(inner, _OPERATIONS) for inner in ast.walk(value)) >= _FORMULA:
                    yield ast.unparse(value)


def _parts(value: ast.expr) -> list[ast.expr]:
    match value:
        case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Dict(values=items):
            return items
    return [value]


# --- two programs


def shares_code(reference: str, other: str) -> bool:
    """Whether a program holds what a reference computes, by whatever names.

    Of what is returned one operation or call is enough, of what is given a name two: all programs take lengths.
    """
    return bool(set(_computed(reference)) & set(_computed(other)))


def _computed(source: str) -> Iterator[str]:
    tree = parse(source)
    imported = {
        (alias.asname or alias.name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Return | ast.Assign | ast.AugAssign) or node.value is None:
            continue
        count = sum(isinstance(inner, (*_OPERATIONS, ast.Call)) for inner in ast.walk(node.value))
        if count > (not isinstance(node, ast.Return)):
            yield ast.unparse(_Nameless(imported).visit(parse(ast.unparse(node.value))))


class _Nameless(ast.NodeTransformer):
    """Gives all names of a program's own the same name."""

    def __init__(self, imported: set[str]) -> None:
        self._imported = imported

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """One variable, whichever it is."""
        return node if node.id in self._imported else ast.Name("_", node.ctx)
