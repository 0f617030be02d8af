"""The table of edits: what one change makes of a statement or an expression. Pure text; nothing is run here.

It serves two: the mutants of a reference, of which a course's checks must reject each, and the search for the one change that puts
a student's program right, which knows more of them (`remedies`). Each edit goes by a name, and WORDS says it to a student.
"""

from __future__ import annotations

import ast
import copy
import functools
import operator
from typing import TYPE_CHECKING

from grader.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Put = Callable[[ast.AST], None]

__all__ = [
    "OPPOSITE",
    "ORDERED_CALLS",
    "array_module",
    "called",
    "changes",
    "expression",
    "in_words",
    "number_of",
    "places",
    "swaps",
    "undoing",
]

OPPOSITE = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum",
             "argmax": "argmin", "argmin": "argmax", "amax": "amin", "amin": "amax"}  # fmt: skip
_BOUNDARY = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}
_NEGATED = {ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}  # fmt: skip
_OPPOSITE_SIGN: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_ORDERED = (ast.MatMult, ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
ORDERED_CALLS = frozenset({"dot", "matmul", "outer", "subtract", "divide", "power"})

WORDS = {
    "change constant": "a number", "drop transpose": "a transpose", "add transpose": "a transpose",
    "swap operands": "the order of two operands", "swap arguments": "the order of two arguments", "flip sign": "a sign",
    "change sign": "a sign", "negate": "a comparison", "move boundary": "a comparison", "change comparison": "a comparison",
    "drop term": "a term", "add term": "a term", "subtract from 1": "what is subtracted from 1", "drop factor": "a factor",
    "add factor": "a factor", "add product": "a matrix product", "drop product": "a matrix product", "change product": "which product is taken, * or @",
    "change operator": "an operator", "change power": "a power", "swap elements": "the order of two values",
    "drop keepdims": "keepdims", "change keepdims": "keepdims", "drop accumulation": "whether a value is added or assigned",
    "accumulate": "whether a value is added or assigned", "drop statement": "a statement that should not be there",
    "change index": "an index or a slice", "drop index": "an index or a slice", "change shape": "a shape",
    "transpose for reshape": "whether an array is reshaped or transposed",
    "add sum": "a sum", "change name": "which variable is used", "copy": "a copy, where an array is written into",
    "change subscripts": "the subscripts of an einsum", "move statement": "the order of two statements",
    "dedent statement": "the indentation of a statement",
    "drop call": "a call that should not be there", "add call": "a call that is missing",
}  # fmt: skip
"""What a student reads of an edit, after "one change to"; of those that are not here, that it is which function is called."""
_CALLS = ("which function is called", "a call that should not be there", "a call that is missing")
_UNDONE = {
    **dict.fromkeys(_CALLS, (*_CALLS, "a sum", "a factor")), "a power": ("a factor",), "a factor": ("a power",),
    "a term": ("what is subtracted from 1",),
}  # fmt: skip
"""By which other kinds a change is undone: a call that is missing by a sum, say; else one of the same kind undoes it."""
_AXES = {"sum": "which axis is summed", "mean": "which axis is averaged"}


def in_words(name: str, node: ast.AST) -> str:
    """An edit of a node in a student's words; they hold nothing of the program's text."""
    if name == "change axis":
        return _AXES.get(called(node), "which axis is used")
    return WORDS.get(name, "which function is called")


def undoing(kind: str) -> frozenset[str]:
    """The kinds of change, in a student's words, that may undo one of this kind."""
    return frozenset((kind, *_UNDONE.get(kind, ())))


def called(node: ast.AST) -> str:
    """The last name of the function that a call calls; empty for what is no call."""
    function = node.func if isinstance(node, ast.Call) else None
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def places(tree: ast.AST, lines: frozenset[int]) -> Iterator[tuple[ast.AST, ast.expr | ast.stmt, _Put]]:
    """Each statement and expression of these lines: its parent, itself, and how to put another in its place."""
    for name, field in ast.iter_fields(tree):
        # Types, messages and the options of a call (which are the call's own) are no part of the formula.
        if name in ("annotation", "returns", "decorator_list") or isinstance(tree, ast.Raise | ast.Assert):
            continue
        if isinstance(tree, ast.keyword) and tree.arg in ("axis", "keepdims", "dtype"):
            continue
        for index, child in enumerate(field if isinstance(field, list) else [field]):
            if not isinstance(child, ast.AST) or _is_docstring(child):
                continue
            if isinstance(child, ast.expr | ast.stmt) and child.lineno in lines:
                one: _Put = functools.partial(setattr, tree, name)
                yield tree, child, functools.partial(operator.setitem, field, index) if isinstance(field, list) else one
            # The number in -1 is changed as one.
            if number_of(child) is None:
                yield from places(child, lines)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def number_of(node: ast.AST) -> float | None:
    """The number that a constant is, with its sign; a boolean is none."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = number_of(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        return node.value
    return None


def expression(text: str) -> ast.expr:
    """The tree of an expression."""
    (statement,) = parse(text).body
    assert isinstance(statement, ast.Expr)  # noqa: S101  what a table of ours has written
    return statement.value


def array_module(tree: ast.Module) -> str:
    """What a program calls numpy, else torch; empty where it imports neither."""
    names = {
        alias.name: alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    return names.get("numpy") or names.get("torch") or ""


def changes(node: ast.expr | ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    """The changes of one node, named by their operator."""
    number = number_of(node)
    if number is not None:
        others = {other for other in (number + 1, -number, type(number)(0)) if other != number}
        yield from (("change constant", expression(repr(other))) for other in sorted(others))
    match node:
        case ast.Attribute(value=value, attr="T" | "mT"):
            yield "drop transpose", value
        case ast.BinOp():
            yield from _of_operation(node)
        case ast.UnaryOp(operand=operand) if number is None:
            yield "flip sign" if isinstance(node.op, ast.USub) else "negate", operand
        case ast.Compare(left=left, ops=[op], comparators=right):
            yield from (
                (kind, ast.Compare(left, [others[type(op)]()], right))
                for kind, others in (("move boundary", _BOUNDARY), ("negate", _NEGATED))
                if type(op) in others
            )
        case ast.Call():
            yield from _of_call(node)
            yield from _of_einsum(node)
        case ast.Tuple(elts=items, ctx=ast.Load()) | ast.List(elts=items, ctx=ast.Load()):
            yield from (("swap elements", type(node)(swapped, ast.Load())) for swapped in swaps(items))
        case ast.Dict(keys=keys, values=values):
            yield from (("swap elements", ast.Dict(keys, swapped)) for swapped in swaps(values))
        case ast.stmt():
            yield from _of_statement(node)


def _of_statement(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.AugAssign(target=target, op=op, value=value):
            yield "drop accumulation", ast.copy_location(ast.Assign([target], value), node)
            if type(op) in _OPPOSITE_SIGN:
                yield "flip sign", ast.AugAssign(target, _OPPOSITE_SIGN[type(op)](), value)
            yield "drop statement", ast.Pass()
        case ast.Assign(targets=[ast.Subscript()]):
            yield "drop statement", ast.Pass()


def _of_operation(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    left, op, right = node.left, node.op, node.right
    if isinstance(op, _ORDERED):
        yield "swap operands", ast.BinOp(right, op, left)
    if isinstance(op, ast.Add | ast.Sub):
        yield "flip sign", ast.BinOp(left, _OPPOSITE_SIGN[type(op)](), right)
        yield "drop term", left
        yield "drop term", right if isinstance(op, ast.Add) else ast.UnaryOp(ast.USub(), right)
    if isinstance(op, ast.Mult | ast.Div | ast.Pow | ast.BitAnd | ast.BitOr):
        yield "drop factor", left
    if isinstance(op, ast.Mult | ast.BitAnd | ast.BitOr):
        yield "drop factor", right


def _of_call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name = called(node)
    if name in OPPOSITE and (isinstance(node.func, ast.Attribute) or name in ("max", "min")):
        other = copy.copy(node.func)
        setattr(other, "attr" if isinstance(other, ast.Attribute) else "id", OPPOSITE[name])
        yield f"{name} to {OPPOSITE[name]}", ast.Call(other, node.args, node.keywords)
    if name in ORDERED_CALLS and len(node.args) == 2:  # noqa: PLR2004  the two operands
        yield "swap operands", ast.Call(node.func, node.args[::-1], node.keywords)
    if name in ("maximum", "minimum"):
        yield from (("drop mask", operand) for operand in node.args[:2])
    if name == "transpose" and isinstance(node.func, ast.Attribute):
        yield "drop transpose", node.args[0] if node.args else node.func.value
    if name == "where":
        yield from (("drop mask", branch) for branch in node.args[1:])
    for index, keyword in enumerate(node.keywords):
        others = [*node.keywords[:index], *node.keywords[index + 1 :]]
        if keyword.arg == "keepdims":
            yield "drop keepdims", ast.Call(node.func, node.args, others)
        if keyword.arg == "axis":
            for axis in _other_axes(keyword.value):
                yield "change axis", ast.Call(node.func, node.args, [*others, ast.keyword("axis", axis)])


def _of_einsum(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    first, operands = node.args[:1], node.args[1:]
    if called(node) == "einsum" and first and isinstance(first[0], ast.Constant) and isinstance(first[0].value, str):
        for other in _other_subscripts(first[0].value):
            yield "change subscripts", ast.Call(node.func, [ast.Constant(other), *operands], node.keywords)


def _other_subscripts(subscripts: str) -> Iterator[str]:
    """An operand or the result transposed, an axis of the result summed, and a summed axis kept; as "ik,kj->ij" has them."""
    left, arrow, result = "".join(subscripts.split()).partition("->")
    operands = left.split(",")
    for index, operand in enumerate(operands):
        for swapped in _transposed(operand):
            yield ",".join([*operands[:index], swapped, *operands[index + 1 :]]) + arrow + result
    if arrow:
        yield from (f"{left}->{swapped}" for swapped in _transposed(result))
        yield from (f"{left}->{result.replace(letter, '')}" for letter in result if letter.isalpha())
        summed = [letter for letter in dict.fromkeys(left) if letter.isalpha() and letter not in result]
        yield from (f"{left}->{kept}" for letter in summed for kept in (result + letter, letter + result))


def _transposed(letters: str) -> Iterator[str]:
    """The letters of one array with two neighbours swapped."""
    for index in range(len(letters) - 1):
        one, two = letters[index], letters[index + 1]
        if one.isalpha() and two.isalpha() and one != two:
            yield letters[:index] + two + one + letters[index + 2 :]


def _other_axes(axis: ast.expr) -> list[ast.expr]:
    """Another axis, and all at once; for several axes each alone. Not -1 for 1: often that is the same."""
    if isinstance(axis, ast.Tuple):
        return axis.elts
    return [ast.Constant(int(number_of(axis) == 0)), ast.Constant(None)]


def swaps(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """The items with two neighbours swapped."""
    for index in range(len(items) - 1):
        yield [*items[:index], items[index + 1], items[index], *items[index + 2 :]]
