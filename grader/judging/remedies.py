"""What a student's program may need beyond the changes that make mutants: another name, a missing factor, an order. Pure text.

What stands in a program is changed as `edits` has it; here is what is added, moved, or taken for another thing of the same kind.
"""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

import msgspec

from grader.judging.edits import OPPOSITE, ORDERED_CALLS, called, changes, expression, number_of, swaps

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["ORDER", "Scope", "moves", "outdents", "repairs"]

_REDUCERS = frozenset({"sum", "mean", "max", "min", "prod", "any", "all", "std", "var", "argmax", "argmin", "amax", "amin", "cumsum", "norm", "logsumexp"})  # fmt: skip
"""What takes an axis, and gives less than it was given."""
_ALIKE = (
    ("sum", "mean", "max", "min", "prod"), ("maximum", "minimum"), ("argmax", "argmin"), ("exp", "log"), ("exp", "expm1"),
    ("log", "log1p"), ("sin", "cos"), ("sinh", "cosh"), ("tanh", "sinh"), ("sqrt", "square"), ("abs", "sign"),
    ("zeros", "ones"), ("zeros_like", "ones_like", "empty_like"), ("dot", "outer", "multiply"), ("matmul", "multiply"),
    ("vstack", "hstack"), ("asarray", "array"), ("tril", "triu"), ("diag", "diagflat"), ("any", "all"),
)  # fmt: skip
"""Functions of which one is written for another."""
_OTHER_OPERATORS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Mult: (ast.MatMult, ast.Div, ast.Add), ast.MatMult: (ast.Mult,), ast.Div: (ast.Mult,), ast.Add: (ast.Mult,),
    ast.Sub: (ast.Mult,), ast.Pow: (ast.Mult,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,), ast.FloorDiv: (ast.Div,),
}  # fmt: skip
_ACCUMULATING = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_VALUES = (ast.Name, ast.BinOp, ast.UnaryOp, ast.Call, ast.Subscript, ast.Attribute)
ORDER = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
_ITERATED = frozenset({"zip", "enumerate", "list", "tuple", "array", "asarray", "stack"})
"""What takes values in an order, which may be the wrong one."""
_COUNTING = frozenset(
    {"len", "range", "enumerate", "zip", "zeros", "ones", "empty", "zeros_like", "ones_like", "empty_like", "eye"}
)
"""What is made of sizes, and what gives them: there nothing of a formula is missing."""
_NUMPY = ("np", "numpy")
_FURTHEST = 3
"""Past how many others a statement is moved."""


class Scope(msgspec.Struct, frozen=True):
    """What an edit may name: the variables of the function that it is in (in a method those of `self` too), and the arrays' module."""

    names: tuple[str, ...]
    arrays: str
    indexes: bool = False
    """Whether it is the scope of what stands in an index."""


def repairs(parent: ast.AST, node: ast.expr | ast.stmt, scope: Scope) -> Iterator[tuple[str, ast.AST | str]]:
    """The changes of a node of a program that is wrong already, named by their operator; a text stands as it is.

    None asks what an input is: there is no new condition on its size, and what a number is compared with can only become 0.
    """
    if isinstance(node, ast.stmt):
        yield from changes(node)
        yield from _repairs_of_statement(node, scope)
    elif number_of(node) is not None:
        yield from _other_numbers(parent, node)
        if isinstance(parent, ast.Subscript):
            yield from (("change index", ast.Name(name, ast.Load())) for name in scope.names)
    elif _is_read(parent, node, scope):
        yield from changes(node)
        yield from _other_values(parent, node, scope)
        yield from _other_sizes(node, scope)
        yield from _steps(node, scope) if scope.indexes else _added(parent, node, scope)
        yield from _iterated(parent, node)


def _is_read(parent: ast.AST, node: ast.expr, scope: Scope) -> bool:
    """Whether a node stands for a value of the function's, and is no name of a function or a module."""
    stored = not isinstance(getattr(node, "ctx", None), ast.Load | None)
    calls = isinstance(parent, ast.Call) and node is parent.func
    return not stored and not calls and (not isinstance(node, ast.Name) or node.id in scope.names)


def _other_values(parent: ast.AST, node: ast.expr, scope: Scope) -> Iterator[tuple[str, ast.AST]]:
    """Another name, operator, comparison, function or index in the place of one."""
    match node:
        case ast.Constant(value=bool(value)):
            keeps = isinstance(parent, ast.keyword) and parent.arg == "keepdims"
            yield "change keepdims" if keeps else "change constant", ast.Constant(not value)
        case ast.Name() | ast.Attribute() if (name := ast.unparse(node)) in scope.names:
            yield from (("change name", ast.Name(other, ast.Load())) for other in scope.names if other != name)
        case ast.BinOp(left=left, op=op, right=right):
            if isinstance(op, ast.MatMult):
                yield from (("drop product", operand) for operand in (left, right))
            for other in _OTHER_OPERATORS.get(type(op), ()):
                product = {type(op), other} == {ast.Mult, ast.MatMult}
                yield "change product" if product else "change operator", ast.BinOp(left, other(), right)
        case ast.BoolOp(op=op, values=values):
            yield "change operator", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.Compare(left=left, ops=[op], comparators=right) if isinstance(op, ORDER):
            yield from (("change comparison", ast.Compare(left, [other()], right)) for other in ORDER)
        case ast.Call():
            yield from _repairs_of_call(node, scope)
        case ast.Subscript():
            yield from _other_indices(node)


def _other_sizes(node: ast.expr, scope: Scope) -> Iterator[tuple[str, ast.AST]]:
    """How many entries there are, for how many along an axis, and the other way round."""
    match node:
        case ast.Attribute(value=value, attr="size"):
            shape = ast.Attribute(value, "shape", ast.Load())
            axes = map(expression, ("0", "1", "-1", *scope.names))
            yield from (("change shape", ast.Subscript(shape, axis, ast.Load())) for axis in axes)
        case ast.Subscript(value=ast.Attribute(value=value, attr="shape")):
            yield "change shape", ast.Attribute(value, "size", ast.Load())


def _repairs_of_statement(node: ast.stmt, scope: Scope) -> Iterator[tuple[str, ast.AST]]:
    """A value that is added to what is there already, or is a factor of it, where it was assigned; and a copy."""
    match node:
        case ast.Assign(targets=[ast.Name() | ast.Subscript() | ast.Attribute() as target], value=value) if (
            not isinstance(target, ast.Name) or target.id in scope.names
        ):
            yield from (("accumulate", ast.AugAssign(target, op(), value)) for op in _ACCUMULATING)
    match node:
        case ast.Assign(targets=[ast.Name()], value=ast.Name() as value):
            copied = ast.Call(ast.Attribute(value, "copy", ast.Load()), [], [])
            yield "copy", ast.copy_location(ast.Assign(node.targets, copied), node)


def _other_numbers(parent: ast.AST, node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    number = number_of(node) or 0
    others: list[float] = [0, 1, 2, 0.5, -1, number + 1, number - 1, -number, 2 * number, number / 2]
    name = "change constant"
    match parent:
        case ast.Compare():
            others = [0]
        case ast.Subscript() | ast.Slice():
            others, name = [0, 1, -1, number + 1, number - 1, -number], "change index"
        case ast.BinOp(op=ast.Pow(), right=right) if node is right:
            name = "change power"
        case ast.Call() if called(parent) in _REDUCERS:
            others, name = [0, 1, -1], "change axis"
    if type(number) is int and name in ("change index", "change axis"):
        others = [other for other in others if float(other).is_integer()]
    for other in dict.fromkeys(int(each) if float(each).is_integer() else each for each in others):
        if other != number:
            yield name, expression(repr(other))


def _repairs_of_call(node: ast.Call, scope: Scope) -> Iterator[tuple[str, ast.AST]]:
    name, method = called(node), isinstance(node.func, ast.Attribute)
    if name == "reshape" and (array := _array(node, scope)) is not None:
        yield "transpose for reshape", ast.Attribute(array, "T", ast.Load())
    yield from (("drop call", value) for value in _inner(node, scope))
    for group in _ALIKE:
        for other in group if name in group and method else ():
            if other != name and OPPOSITE.get(name) != other:
                function = copy.copy(node.func)
                setattr(function, "attr", other)  # noqa: B010  an Attribute, as `method` says
                yield f"{name} to {other}", ast.Call(function, node.args, node.keywords)
    if name not in ORDERED_CALLS:
        yield from (("swap arguments", ast.Call(node.func, swapped, node.keywords)) for swapped in swaps(node.args))
    if name in _REDUCERS:
        yield from _axes(node)
    match node.args:
        case [ast.Constant(value=str(subscripts)), *operands] if name == "einsum":
            for other in _renamed(subscripts):
                yield "change subscripts", ast.Call(node.func, [ast.Constant(other), *operands], node.keywords)


def _inner(node: ast.Call, scope: Scope) -> list[ast.expr]:
    """What a call is of, where it may be left out: of one argument, a method of none, and what cuts values off."""
    of = node.func.value if isinstance(node.func, ast.Attribute) else None
    if called(node) in ("clip", "clamp"):
        return [array] if (array := _array(node, scope)) is not None else []
    if len(node.args) == 1:
        return node.args
    return [of] if of is not None and not node.args else []


def _array(node: ast.Call, scope: Scope) -> ast.expr | None:
    """The array of which a function of the arrays' module, or a method of its own, makes another one."""
    of = node.func.value if isinstance(node.func, ast.Attribute) else None
    is_method = of is not None and not (isinstance(of, ast.Name) and of.id == scope.arrays)
    return of if is_method else next(iter(node.args), None)


def _renamed(subscripts: str) -> Iterator[str]:
    """The subscripts of an einsum with one letter for another, in one place."""
    letters = sorted({letter for letter in subscripts if letter.isalpha()})
    for index, letter in enumerate(subscripts):
        if letter.isalpha():
            yield from (f"{subscripts[:index]}{other}{subscripts[index + 1 :]}" for other in letters if other != letter)


def _axes(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    """The other axes that a reduction may be along, and whether it keeps them."""
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    rest = [keyword for keyword in node.keywords if keyword.arg != "axis"]
    before = ast.unparse(given["axis"]) if "axis" in given else ""
    for axis in ("0", "1", "-1"):
        if axis != before:
            yield "change axis", ast.Call(node.func, node.args, [ast.keyword("axis", expression(axis)), *rest])
    if before:
        yield "change axis", ast.Call(node.func, node.args, rest)
    if "keepdims" not in given and (before or len(node.args) > 1):
        kept = ast.keyword("keepdims", ast.Constant(value=True))
        yield "change keepdims", ast.Call(node.func, node.args, [*node.keywords, kept])


def _other_indices(node: ast.Subscript) -> Iterator[tuple[str, ast.AST]]:
    """Indices in another order, along another axis, without a bound, or none."""

    def indexed(index: ast.expr) -> ast.Subscript:
        return ast.Subscript(node.value, index, ast.Load())

    index = node.slice
    makes_axis = any(isinstance(each, ast.Constant) and each.value is None for each in ast.walk(index))
    name = "change shape" if makes_axis else "change index"
    if not isinstance(node.value, ast.Attribute) or node.value.attr != "shape":
        yield "change shape" if makes_axis else "drop index", node.value
        whole = ast.Slice()
        if not isinstance(index, ast.Tuple):
            yield name, indexed(ast.Tuple([whole, index], ast.Load()))
    if isinstance(index, ast.Tuple):
        yield from ((name, indexed(ast.Tuple(swapped, ast.Load()))) for swapped in swaps(index.elts))
    if isinstance(index, ast.Slice):
        if index.lower is not None and index.upper is not None:
            yield name, indexed(ast.Slice(None, index.upper, index.step))
            yield name, indexed(ast.Slice(index.lower, None, index.step))
        if index.step is not None:
            yield name, indexed(ast.Slice(index.lower, index.upper, None))
        match index:  # without the last, where it should be without the first
            case ast.Slice(lower=None, upper=ast.expr() as bound, step=None) if number_of(bound) is not None:
                yield name, indexed(ast.Slice(expression(repr(-(number_of(bound) or 0)))))
            case ast.Slice(lower=ast.expr() as bound, upper=None, step=None) if number_of(bound) is not None:
                yield name, indexed(ast.Slice(None, expression(repr(-(number_of(bound) or 0)))))


def _added(parent: ast.AST, node: ast.expr, scope: Scope) -> Iterator[tuple[str, str]]:
    """What may be missing around a value, as text: a sign, a factor, a term, a call, an axis."""
    text = ast.unparse(node)
    text = text if isinstance(node, ast.Name | ast.Call | ast.Subscript | ast.Attribute) else f"({text})"
    whole = isinstance(parent, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Return) or _is_part(parent)
    summand = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add | ast.Sub)
    operand = isinstance(parent, ast.BinOp) and not summand
    argument = isinstance(parent, ast.Call)
    if not (whole or summand or operand or argument) or not isinstance(node, _VALUES):
        return
    if (
        called(parent) in _COUNTING
        or called(node) in _COUNTING
        or getattr(node, "attr", "") in ("shape", "size", "ndim")
    ):
        return
    others = [name for name in scope.names if name != text]
    forms: list[tuple[str, str]] = []
    if whole or summand or argument:
        forms += [("change sign", f"-{text}")] if not isinstance(node, ast.UnaryOp) else []
        forms += [("add factor", f"2 * {text}"), ("add factor", f"0.5 * {text}"), ("change power", f"{text} ** 2")]
        forms += [("add factor", f"{text} {op} {name}") for name in others for op in "*/"]
    if not isinstance(node, ast.UnaryOp):
        forms += [("subtract from 1", f"1 - {text}")]
    if whole or argument or isinstance(node, ast.Name):
        forms += [("add term", f"{text} {op} {name}") for name in others for op in "+-"]
    if whole:
        sizes = [f"{name}.{size}" for name in scope.names for size in ("shape[0]", "size")]
        forms += [("add factor", f"{text} {op} {size}") for size in sizes for op in "*/"]
        forms += [("add factor", f"{text} * ({name} > 0)") for name in scope.names]
        forms += [("add product", f"{text} @ {name}{after}") for name in others for after in ("", ".T")]
        forms += [("add product", f"{name}{after} @ {text}") for name in others for after in ("", ".T")]
    yield from ((name, f"({form})" if operand or summand else form) for name, form in forms)
    if not isinstance(node, ast.UnaryOp) and not (isinstance(node, ast.Attribute) and node.attr in ("T", "mT")):
        yield "add transpose", f"{text}.T"
    yield "change shape", f"{text}[:, None]"
    yield "change shape", f"{text}[None, :]"
    yield from (("add call", call) for call in _calls(node, scope, operand=operand))
    for options in ("axis=0", "axis=1", "", "axis=0, keepdims=True", "axis=1, keepdims=True") if whole else ():
        yield "add sum", f"{text}.sum({options})"


def _calls(node: ast.expr, scope: Scope, *, operand: bool) -> Iterator[str]:
    """A value without its sign, or its relu."""
    text = ast.unparse(node)
    if scope.arrays and not operand:
        yield f"{scope.arrays}.abs({text})"
    if scope.arrays and isinstance(node, ast.Name | ast.Attribute | ast.BinOp | ast.Call):
        yield f"{scope.arrays}.maximum({text}, 0)" if scope.arrays in _NUMPY else f"{scope.arrays}.relu({text})"


def _steps(node: ast.expr, scope: Scope) -> Iterator[tuple[str, str]]:
    """The place next to one, or beyond it by another index."""
    text = ast.unparse(node)
    if isinstance(node, ast.Name | ast.BinOp):
        yield from (
            ("change index", f"{text} {op} {step}") for step in ("1", *scope.names) if step != text for op in "+-"
        )


def _iterated(parent: ast.AST, node: ast.expr) -> Iterator[tuple[str, str]]:
    """How often something is done, and in which order."""
    text = f"({ast.unparse(node)})" if isinstance(node, ast.BinOp) else ast.unparse(node)
    if called(parent) == "range":
        yield from (("add term", f"{text} {step}") for step in ("+ 1", "- 1"))
    if called(parent) in _ITERATED or isinstance(parent, ast.For | ast.comprehension | ast.Return):
        yield "change index", f"{text}[::-1]"


def _is_part(parent: ast.AST) -> bool:
    """Whether a value is one of several that are returned or assigned together."""
    return isinstance(parent, ast.Tuple | ast.Dict | ast.List)


# --- statements in another order


def moves(tree: ast.AST) -> Iterator[tuple[Sequence[ast.stmt], Sequence[ast.stmt]]]:
    """Neighbouring statements of a block, and in which order they may be meant: one is moved past up to three others."""
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list):
                yield from _of_block(block)


def _of_block(block: Sequence[ast.stmt]) -> Iterator[tuple[Sequence[ast.stmt], Sequence[ast.stmt]]]:
    for first in range(len(block)):
        for last in range(first + 1, min(first + _FURTHEST + 1, len(block))):
            group = block[first : last + 1]
            if not all(map(_is_step, group)):
                break
            yield group, [*group[1:], group[0]]
            if len(group) > 2:  # noqa: PLR2004  of two, both ways are one
                yield group, [group[-1], *group[:-1]]


def _is_step(statement: ast.stmt) -> bool:
    """Whether a statement may be moved: an assignment, or a call for what it does."""
    calls = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
    return calls or isinstance(statement, ast.Assign | ast.AugAssign)


# --- statements that belong below a loop


def outdents(tree: ast.AST) -> Iterator[tuple[ast.stmt, ast.stmt]]:
    """The last statement of a loop, and a loop that it may be meant to follow: this one, or one that ends with this one."""
    for loop in ast.walk(tree):
        if not isinstance(loop, ast.For | ast.While):
            continue
        inner: ast.stmt = loop
        while isinstance(inner, ast.For | ast.While) and not inner.orelse:
            last = inner.body[-1]
            if len(inner.body) > 1 and (isinstance(last, ast.Return) or _is_step(last)):
                yield last, loop
            inner = last
