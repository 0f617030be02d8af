"""Mutants of a reference: each is wrong, or a change that does not matter. Pure text; nothing is run here."""

from __future__ import annotations

import ast
import copy
import functools
import itertools
import operator
import textwrap
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.building.stub import BEGIN, END

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Put = Callable[[ast.AST], None]

__all__ = ["Mutant", "mutants"]

_OPPOSITE = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum",
             "argmax": "argmin", "argmin": "argmax", "amax": "amin", "amin": "amax"}  # fmt: skip
_BOUNDARY = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}
_NEGATED = {ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}  # fmt: skip
_OPPOSITE_SIGN: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_ORDERED = (ast.MatMult, ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_ORDERED_CALLS = frozenset({"dot", "matmul", "outer", "subtract", "divide", "power"})
_SHOWN = 80  # characters of an expression
_CLIPPED, _GUARDED, _DIGITS = "-100, 100", "1e-07, 1 - 1e-07", 6
"""What gradients are clipped to, what probabilities are kept off 0 and 1 with, and what is rounded to, out of habit."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A reference with one change: what it is, where it is in the original, and the whole program."""

    description: str
    line: int
    source: str


def mutants(source: str) -> tuple[Mutant, ...]:
    """Every mutant of the solution regions, in the order of the lines; no two alike, and none like the reference.

    Descriptions are unique: a change that two places have in common is numbered from its second place on.
    """
    tree = ast.parse(source)
    lines = _solution_lines(source)
    seen = {ast.unparse(tree)}
    times: Counter[str] = Counter()
    found = []
    for description, line, text in _changed(tree, lines):
        if text not in seen:
            seen.add(text)
            times[description] += 1
            number = f" ({times[description]})" if times[description] > 1 else ""
            found.append(Mutant(description + number, line, text))
    return tuple(sorted(found, key=lambda mutant: mutant.line))


def _solution_lines(source: str) -> frozenset[int]:
    """The numbers of the lines between the markers."""
    markers = [line.strip() for line in source.splitlines()]
    depth = itertools.accumulate((line == BEGIN) - (line == END) for line in markers)
    return frozenset(number for number, inside in enumerate(depth, start=1) if inside)


def _changed(tree: ast.Module, lines: frozenset[int]) -> Iterator[tuple[str, int, str]]:
    """Each change: what it is, the line, and the program with it. The tree is changed and changed back."""
    results, operands = _roles(tree)
    arrays = _array_module(tree)
    for parent, child, put in list(_places(tree, lines)):
        variants = [*_variants(child)]
        if isinstance(child, ast.expr):
            variants = [*_as_a_whole(child, result=id(child) in results, operand=id(child) in operands), *variants]
            if arrays:
                assigned = isinstance(parent, ast.Assign) and child is parent.value
                variants += _habits(child, arrays, result=id(child) in results, assigned=assigned)
        # A number says little without what it is in.
        shown = parent if _number(child) is not None and isinstance(parent, ast.expr) else None
        for kind, changed in variants:
            before = _short(shown or child)
            put(changed)
            description = f"{kind}: {before} -> {_short(shown or changed)}"
            yield description, child.lineno, ast.unparse(tree)
            put(child)
    for node in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]:
        yield from _early_return(tree, node.body, lines)
        yield from _ones_for_an_argument(tree, node, lines)


def _short(node: ast.AST) -> str:
    return textwrap.shorten(ast.unparse(node), _SHOWN, placeholder=" ...") or "nothing"


def _roles(tree: ast.Module) -> tuple[frozenset[int], frozenset[int]]:
    """The ids of the nodes that functions return, alone or in a tuple or dict, and of the operands of @."""
    results, operands = set[int](), set[int]()
    for node in ast.walk(tree):
        match node:
            case ast.Return(value=ast.Tuple(elts=values) | ast.Dict(values=values)):
                results.update(map(id, values))
            case ast.Return(value=ast.expr() as value):
                results.add(id(value))
            case ast.BinOp(left=left, op=ast.MatMult(), right=right):
                operands.update((id(left), id(right)))
    return frozenset(results), frozenset(operands)


def _places(tree: ast.AST, lines: frozenset[int]) -> Iterator[tuple[ast.AST, ast.expr | ast.stmt, _Put]]:
    """Each statement and expression of a solution region: its parent, itself, and how to put another in its place."""
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
            if _number(child) is None:
                yield from _places(child, lines)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _as_a_whole(node: ast.expr, *, result: bool, operand: bool) -> Iterator[tuple[str, ast.AST]]:
    """The changes of a value that is returned, or is an operand of @."""
    if isinstance(node, ast.Constant | ast.Tuple | ast.Dict | ast.List) or _number(node) is not None:
        return
    if result:
        yield "flip sign", ast.UnaryOp(ast.USub(), node)
    if (result or operand) and not (isinstance(node, ast.Attribute) and node.attr in ("T", "mT")):
        # Unlike .T, .mT raises for a vector, whose transpose would change nothing.
        yield "add transpose", ast.Attribute(node, "mT", ast.Load())


def _array_module(tree: ast.Module) -> str:
    """What the reference calls numpy, else torch; empty where it imports neither."""
    names = {
        alias.name: alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    return names.get("numpy") or names.get("torch") or ""


def _habits(node: ast.expr, arrays: str, *, result: bool, assigned: bool) -> Iterator[tuple[str, ast.AST]]:
    """What is done to a value out of habit: clipped, rounded, and kept off 0 and 1 where it comes of exponentials."""
    if isinstance(node, ast.Constant | ast.Tuple | ast.Dict | ast.List) or _number(node) is not None:
        return
    text = ast.unparse(node)
    inside = list(ast.walk(node))
    exponential = any(isinstance(inner, ast.Attribute) and inner.attr == "exp" for inner in inside)
    product = any(isinstance(inner, ast.MatMult) for inner in inside)
    if result or (assigned and product and not exponential):
        yield "clip", _expression(f"{arrays}.clip({text}, {_CLIPPED})")
    if result:
        yield "round", _expression(f"{arrays}.round({text}, decimals={_DIGITS})")
    if assigned and exponential:
        yield "guard", _expression(f"{arrays}.clip({text}, {_GUARDED})")


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _variants(node: ast.expr | ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    """The changes of one node, named by their operator."""
    number = _number(node)
    if number is not None:
        others = {other for other in (number + 1, -number, type(number)(0)) if other != number}
        yield from (("change constant", ast.parse(repr(other), mode="eval").body) for other in sorted(others))
    match node:
        case ast.Attribute(value=value, attr="T" | "mT"):
            yield "drop transpose", value
        case ast.BinOp():
            yield from _of_operation(node)
            yield from _one_sample(node)
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
            yield from _one_sample(node)
        case ast.Tuple(elts=items, ctx=ast.Load()) | ast.List(elts=items, ctx=ast.Load()):
            yield from (("swap elements", type(node)(swapped, ast.Load())) for swapped in _swaps(items))
        case ast.Dict(keys=keys, values=values):
            yield from (("swap elements", ast.Dict(keys, swapped)) for swapped in _swaps(values))
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


def _number(node: ast.AST) -> float | None:
    """The number that a constant is, with its sign; a boolean is none."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _number(node.operand)
        return None if value is None else -value
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value  # type: ignore[return-value]
    return None


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


def _one_sample(node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    """A sum over the batch, X.T @ dout or x.sum(axis=0), of which the first or the last sample alone is left."""
    match node:
        case ast.BinOp(left=ast.Attribute(value=left, attr="T" | "mT" as transpose), op=ast.MatMult(), right=right):
            one, other = ast.unparse(left), ast.unparse(right)
            for name, rows in (("first", ":1"), ("last", "-1:")):
                yield f"{name} sample only", _expression(f"({one})[{rows}].{transpose} @ ({other})[{rows}]")
        case ast.Call(
            func=ast.Attribute(value=value, attr="sum"), keywords=[ast.keyword("axis" | "dim", ast.Constant(0))]
        ):
            for name, row in (("first", 0), ("last", -1)):
                yield f"{name} sample only", _expression(f"({ast.unparse(value)})[{row}]")


def _of_call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in _OPPOSITE and (isinstance(node.func, ast.Attribute) or name in ("max", "min")):
        other = copy.copy(node.func)
        setattr(other, "attr" if isinstance(other, ast.Attribute) else "id", _OPPOSITE[name])
        yield f"{name} to {_OPPOSITE[name]}", ast.Call(other, node.args, node.keywords)
    if name in _ORDERED_CALLS and len(node.args) == 2:  # noqa: PLR2004  the two operands
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


def _other_axes(axis: ast.expr) -> list[ast.expr]:
    """Another axis, and all at once; for several axes each alone. Not -1 for 1: often that is the same."""
    if isinstance(axis, ast.Tuple):
        return axis.elts
    return [ast.Constant(int(_number(axis) == 0)), ast.Constant(None)]


def _swaps(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """The items with two neighbours swapped."""
    for index in range(len(items) - 1):
        yield [*items[:index], items[index + 1], items[index], *items[index + 2 :]]


def _early_return(tree: ast.Module, body: list[ast.stmt], lines: frozenset[int]) -> Iterator[tuple[str, int, str]]:
    """The function with its first intermediate value returned."""
    for index, statement in enumerate(body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], lineno=line) if line in lines:
                body.insert(index + 1, ast.Return(ast.Name(name, ast.Load())))
                yield f"return early: return {name}", line, ast.unparse(tree)
                del body[index + 1]
                return


def _ones_for_an_argument(
    tree: ast.Module, function: ast.FunctionDef, lines: frozenset[int]
) -> Iterator[tuple[str, int, str]]:
    """The function with ones in place of an argument that is an array, and that the solution uses."""
    arrays = _array_module(tree)
    places = [index for index, statement in enumerate(function.body) if statement.lineno in lines]
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for argument in function.args.args if arrays and places else []:
        kind = ast.unparse(argument.annotation) if argument.annotation else ""
        if argument.arg in used and kind.startswith(("NDArray", "torch.Tensor")):
            line = function.body[places[0]].lineno
            change = f"{argument.arg} = {arrays}.ones_like({argument.arg})"
            function.body.insert(places[0], ast.parse(change).body[0])
            yield f"ones for an argument: {change}", line, ast.unparse(tree)
            del function.body[places[0]]
