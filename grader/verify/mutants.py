"""Mutants of a reference: each is wrong, or a change that does not matter. Pure text; nothing is run here."""

from __future__ import annotations

import ast
import itertools
import textwrap
from collections import Counter
from typing import TYPE_CHECKING

import msgspec

from grader.building.stub import BEGIN, END
from grader.judging.edits import array_module, changes, expression, number_of, places
from grader.syntax import parse
from grader.verify.sameness import without_what_cannot_matter

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Mutant", "mutants"]

_SHOWN = 80  # characters of an expression
_CLIPPED, _GUARDED, _DIGITS, _TOLERANCE = "-100, 100", "1e-07, 1 - 1e-07", 6, 1e-9
"""What gradients are clipped to, what probabilities are kept off 0 and 1 with, what is rounded to, and what counts as 0, out of habit."""


class Mutant(msgspec.Struct, frozen=True):
    """A reference with one change: what it is, where it is in the original, and the whole program."""

    description: str
    line: int
    source: str


def mutants(source: str) -> tuple[Mutant, ...]:
    """Every mutant of the solution regions, in the order of the lines; no two alike, and none like the reference.

    Nor is one that computes the same by its form: a diagonal matrix transposed, the other sign in a square. Descriptions are unique: a change that two places have in common is numbered from its second place on.
    """
    tree = parse(source)
    lines = _solution_lines(source)
    seen = {ast.unparse(tree)}
    same = without_what_cannot_matter(tree)
    times: Counter[str] = Counter()
    found = []
    for description, line, text in _changed(tree, lines):
        if text not in seen:
            seen.add(text)
            if without_what_cannot_matter(parse(text)) == same:
                continue
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
    arrays = array_module(tree)
    for parent, child, put in list(places(tree, lines)):
        variants = [*changes(child), *_one_sample(child), *_up_to_a_tolerance(child)]
        if isinstance(child, ast.expr):
            variants = [*_as_a_whole(child, result=id(child) in results, operand=id(child) in operands), *variants]
            if arrays:
                assigned = isinstance(parent, ast.Assign) and child is parent.value
                variants += _habits(child, arrays, result=id(child) in results, assigned=assigned)
        # A number says little without what it is in.
        shown = parent if number_of(child) is not None and isinstance(parent, ast.expr) else None
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


def _as_a_whole(node: ast.expr, *, result: bool, operand: bool) -> Iterator[tuple[str, ast.AST]]:
    """The changes of a value that is returned, or is an operand of @."""
    if isinstance(node, ast.Constant | ast.Tuple | ast.Dict | ast.List) or number_of(node) is not None:
        return
    if result:
        yield "flip sign", ast.UnaryOp(ast.USub(), node)
    if (result or operand) and not (isinstance(node, ast.Attribute) and node.attr in ("T", "mT")):
        # Unlike .T, .mT raises for a vector, whose transpose would change nothing.
        yield "add transpose", ast.Attribute(node, "mT", ast.Load())


def _habits(node: ast.expr, arrays: str, *, result: bool, assigned: bool) -> Iterator[tuple[str, ast.AST]]:
    """What is done to a value out of habit: clipped, rounded, and kept off 0 and 1 where it comes of exponentials."""
    if (
        isinstance(node, ast.Constant | ast.Tuple | ast.Dict | ast.List)
        or number_of(node) is not None
        or _is_count(node)
    ):
        return
    text = ast.unparse(node)
    inside = list(ast.walk(node))
    exponential = any(isinstance(inner, ast.Attribute) and inner.attr == "exp" for inner in inside)
    product = any(isinstance(inner, ast.MatMult) for inner in inside)
    if result or (assigned and product and not exponential):
        yield "clip", expression(f"{arrays}.clip({text}, {_CLIPPED})")
    if result:
        yield "round", expression(f"{arrays}.round({text}, decimals={_DIGITS})")
    if assigned and exponential:
        yield "guard", expression(f"{arrays}.clip({text}, {_GUARDED})")


def _is_count(node: ast.expr) -> bool:
    """Whether a value is a count or a comparison by its form: rounding changes nothing in it, and nobody clips one."""
    match node:
        case ast.Compare() | ast.Attribute(attr="size" | "ndim" | "shape"):
            return True
        case ast.Subscript(value=ast.Attribute(attr="shape")) | ast.Call(func=ast.Name("len" | "int" | "bool")):
            return True
        case ast.Call(func=ast.Attribute(attr="argmax" | "argmin" | "argsort")):
            return True
    return False


def _one_sample(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A sum over the batch, X.T @ dout or x.sum(axis=0), of which the first or the last sample alone is left."""
    match node:
        case ast.BinOp(left=ast.Attribute(value=left, attr="T" | "mT" as transpose), op=ast.MatMult(), right=right):
            one, other = ast.unparse(left), ast.unparse(right)
            for name, rows in (("first", ":1"), ("last", "-1:")):
                yield f"{name} sample only", expression(f"({one})[{rows}].{transpose} @ ({other})[{rows}]")
        case ast.Call(
            func=ast.Attribute(value=value, attr="sum"), keywords=[ast.keyword("axis" | "dim", ast.Constant(0))]
        ):
            for name, row in (("first", 0), ("last", -1)):
                yield f"{name} sample only", expression(f"({ast.unparse(value)})[{row}]")


def _up_to_a_tolerance(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """A comparison with 0 in which what is barely above it, or below, counts as 0."""
    match node:
        case ast.Compare(
            left=left,
            ops=[ast.Gt() | ast.LtE() | ast.Lt() | ast.GtE() as operator],
            comparators=[ast.Constant(0)],
        ):
            bound = _TOLERANCE if isinstance(operator, ast.Gt | ast.LtE) else -_TOLERANCE
            yield "tolerance", ast.Compare(left, [operator], [expression(repr(bound))])


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
    arrays = array_module(tree)
    places = [index for index, statement in enumerate(function.body) if statement.lineno in lines]
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for argument in function.args.args if arrays and places else []:
        kind = ast.unparse(argument.annotation) if argument.annotation else ""
        if argument.arg in used and kind.startswith(("NDArray", "torch.Tensor")):
            line = function.body[places[0]].lineno
            change = f"{argument.arg} = {arrays}.ones_like({argument.arg})"
            function.body.insert(places[0], parse(change).body[0])
            yield f"ones for an argument: {change}", line, ast.unparse(tree)
            del function.body[places[0]]
