"""What is still a stub: a program in which nobody has written an answer yet. Text in, yes or no out.

The text is parsed, in this process, and only here: Python's parser runs nothing, ends nested and endless text with an
exception, and is given no more than a stub may need.
"""

from __future__ import annotations

import ast
import functools
import re
import warnings
from typing import TYPE_CHECKING

import msgspec

from grader.submissions.cells import answers, is_released, reviewed
from grader.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from grader.wire.messages import Chunk

__all__ = ["is_stub", "is_untouched_notebook"]

MAX_STUB = 32 * 2**10
"""A longer text is no stub, and is not parsed, nor are cells that are longer together: parsing takes at most some tenths of a second."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef, ast.Lambda)
_COMMAND_LINE = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)


def is_stub(source: str, names: Collection[str]) -> bool:
    """Whether a program is one in which the functions or classes `names` still wait for an answer.

    They have only docstrings and `raise NotImplementedError` (a class: in each of its methods), and at least one is
    there; or there is no statement but docstrings and imports. What Python cannot parse, what binds one of the names in
    another way, and what defines something else instead is an answer. Raises nothing, whatever the text.
    """
    outline = _outline(source) if len(source) <= MAX_STUB else None
    if outline is None or not outline.bound.isdisjoint(names):
        return False
    asked = [index for index, (name, _) in enumerate(outline.defined) if name in names]
    if not asked:
        return outline.empty
    return asked[0] >= outline.before_star and all(outline.defined[index][1] for index in asked)


class _Outline(msgspec.Struct, frozen=True):
    """What of a program decides whether it is a stub, whichever names are asked for."""

    defined: tuple[tuple[str, bool], ...]
    """The functions and classes at the top level in their order, and whether each waits for an answer."""
    bound: frozenset[str]
    """The names that are bound otherwise, as far as the text says so."""
    before_star: int
    """How many of the functions and classes stand above an import of all names, which takes the place of what stands above it."""
    empty: bool
    """Whether there is no statement but docstrings and imports."""


@functools.lru_cache(maxsize=512)
def _outline(source: str) -> _Outline | None:
    """The outline of a program; None where Python cannot parse it. Each is parsed once, for all exercises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about a student's backslashes
            tree = parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    top = {id(node) for node in tree.body if isinstance(node, (*_FUNCTIONS, ast.ClassDef))}
    defined: list[tuple[str, bool]] = []
    bound: set[str] = set()
    before_star = 0
    for node in _in_order(tree):
        if id(node) in top and isinstance(node, (*_FUNCTIONS, ast.ClassDef)):
            defined.append((node.name, not node.decorator_list and _waits(node)))
        elif isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            before_star = len(defined)
        else:
            bound.update(_bound_by(node))
    empty = all(isinstance(node, ast.Import | ast.ImportFrom) or _is_text(node) for node in tree.body)
    return _Outline(tuple(defined), frozenset(bound), before_star, empty)


def is_untouched_notebook(cells: Sequence[Chunk], exercise: str, names: Collection[str], *, shared: bool) -> bool:
    """Whether the cells that would answer an exercise are stubs.

    A notebook that is `shared` with other exercises is untouched also where no cell of it would answer this one.
    """
    cells = [cell for cell in cells if not is_released(cell)]
    own = [cell for cell in cells if answers(cell, exercise, names)]
    if not own and shared:
        return True
    looked_at = own or cells
    if sum(len(cell.source) for cell in looked_at) > MAX_STUB:
        return False
    return all(is_stub(_COMMAND_LINE.sub("", reviewed(cell).cell.source), names) for cell in looked_at)


def _waits(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """Whether a function has only docstrings and `raise NotImplementedError`, or a class only such methods."""
    if not isinstance(node, ast.ClassDef):
        return all(_is_text(each) or _is_not_implemented(each) for each in node.body)
    methods = [each for each in node.body if isinstance(each, _FUNCTIONS)]
    given = [each for each in node.body if _is_text(each) or (methods and _is_constant(each))]
    return len(methods) + len(given) == len(node.body) and all(map(_waits, methods))


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_constant(node: ast.stmt) -> bool:
    """Whether an attribute of a class is declared, or is a number or text, as a stub may give it."""
    return isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Constant | None)


def _is_not_implemented(node: ast.stmt) -> bool:
    """`raise NotImplementedError`, also with a message."""
    if not isinstance(node, ast.Raise) or node.cause is not None:
        return False
    raised = node.exc
    if isinstance(raised, ast.Call) and not raised.keywords and all(isinstance(a, ast.Constant) for a in raised.args):
        raised = raised.func
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _in_order(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node in the order of the text, without recursion."""
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, _SCOPES):
            # What is bound in there stays there, but for what is declared to be global.
            waiting.extend(each for each in _inside(node) if isinstance(each, ast.Global))
        else:
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _inside(scope: ast.AST) -> Iterator[ast.AST]:
    return (node for node in ast.walk(scope) if node is not scope)


def _bound_by(node: ast.AST) -> Iterator[str]:
    """The names that one node binds, or puts something into."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.alias(name=name, asname=alias):
            yield alias or name.partition(".")[0]
        case ast.Global(names=declared):
            yield from declared
        case ast.Attribute(value=ast.Name(id=owner), attr=name, ctx=ast.Store()):
            yield from (owner, name)
        case ast.Subscript(slice=ast.Constant(value=str(name)), ctx=ast.Store()):
            yield name
        case _:
            pass
