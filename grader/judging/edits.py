"""The table of edits: what one change makes of a statement or an expression. Pure text; nothing is run here.

It serves two: the mutants of a reference, of which a course's checks must reject each (`changes`), and the search for the one
change that puts a student's program right (`changes` and `repairs`). Each edit goes by a name, and WORDS says it to a student.
"""

from __future__ import annotations

import ast
import copy
import functools
import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    _Put = Callable[[ast.AST], None]

__all__ = [
    "ORDER",
    "Scope",
    "array_module",
    "changes",
    "expression",
    "in_words",
    "number_of",
    "places",
    "repairs",
    "undoing",
]

_OPPOSITE = {"sum": "mean", "mean": "sum", "max": "min", "min": "max", "maximum": "minimum", "minimum": "maximum",
             "argmax": "argmin", "argmin": "argmax", "amax": "amin", "amin": "amax"}  # fmt: skip
_BOUNDARY = {ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Lt: ast.LtE, ast.LtE: ast.Lt}
_NEGATED = {ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
            ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In}  # fmt: skip
_OPPOSITE_SIGN: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_ORDERED = (ast.MatMult, ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
_ORDERED_CALLS = frozenset({"dot", "matmul", "outer", "subtract", "divide", "power"})

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
_VALUES = (ast.Name, ast.BinOp, ast.UnaryOp, ast.Call, ast.Subscript, ast.Attribute)
ORDER = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)

WORDS = {
    "change constant": "a number", "drop transpose": "a transpose", "add transpose": "a transpose",
    "swap operands": "the order of two operands", "swap arguments": "the order of two arguments", "flip sign": "a sign",
    "change sign": "a sign", "negate": "a comparison", "move boundary": "a comparison", "change comparison": "a comparison",
    "drop term": "a term", "add term": "a term", "subtract from 1": "what is subtracted from 1", "drop factor": "a factor",
    "add factor": "a factor", "add product": "a matrix product", "change product": "which product is taken, * or @",
    "change operator": "an operator", "change power": "a power", "swap elements": "the order of two values",
    "drop keepdims": "keepdims", "change keepdims": "keepdims", "drop accumulation": "whether a value is added or assigned",
    "accumulate": "whether a value is added or assigned", "drop statement": "a statement that should not be there",
    "change index": "an index or a slice", "drop index": "an index or a slice", "change shape": "a shape",
    "add sum": "a sum", "change name": "which variable is used", "copy": "a copy, where an array is written into",
    "change subscripts": "the subscripts of an einsum",
}  # fmt: skip
"""What a student reads of an edit, after "one change to"; of those that are not here, that it is which function is called."""
_UNDONE = {
    "which function is called": ("a sum", "a factor"), "a power": ("a factor",), "a factor": ("a power",),
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
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return node.value  # type: ignore[return-value]
    return None


def expression(text: str) -> ast.expr:
    """The tree of an expression."""
    return ast.parse(text, mode="eval").body


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
        yield from (("change constant", ast.parse(repr(other), mode="eval").body) for other in sorted(others))
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


def _swaps(items: list[ast.expr]) -> Iterator[list[ast.expr]]:
    """The items with two neighbours swapped."""
    for index in range(len(items) - 1):
        yield [*items[:index], items[index + 1], items[index], *items[index + 2 :]]


# --- what a student's program may need beyond that


@dataclass(frozen=True, slots=True)
class Scope:
    """What an edit may name: the arguments and variables of the function that it is in, and the module of the arrays."""

    names: tuple[str, ...]
    arrays: str


def repairs(parent: ast.AST, node: ast.expr | ast.stmt, scope: Scope) -> Iterator[tuple[str, ast.AST | str]]:
    """The changes of a node of a program that is wrong already, named by their operator; a text stands as it is.

    None asks what an input is: there is no new condition on its size, and what a number is compared with can only become 0.
    """
    if isinstance(node, ast.stmt):
        yield from changes(node)
        yield from _repairs_of_statement(parent, node)
    elif number_of(node) is not None:
        yield from _other_numbers(parent, node)
        if isinstance(parent, ast.Subscript):
            yield from (("change index", ast.Name(name, ast.Load())) for name in scope.names)
    elif _is_read(parent, node, scope):
        yield from changes(node)
        yield from _other_values(parent, node, scope)
        yield from _added(parent, node, scope)


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
        case ast.Name(id=name):
            yield from (("change name", ast.Name(other, ast.Load())) for other in scope.names if other != name)
        case ast.BinOp(left=left, op=op, right=right):
            for other in _OTHER_OPERATORS.get(type(op), ()):
                product = {type(op), other} == {ast.Mult, ast.MatMult}
                yield "change product" if product else "change operator", ast.BinOp(left, other(), right)
        case ast.BoolOp(op=op, values=values):
            yield "change operator", ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
        case ast.Compare(left=left, ops=[op], comparators=right) if isinstance(op, ORDER):
            yield from (("change comparison", ast.Compare(left, [other()], right)) for other in ORDER)
        case ast.Call():
            yield from _repairs_of_call(node)
        case ast.Subscript():
            yield from _other_indices(node)


def _repairs_of_statement(parent: ast.AST, node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Assign(targets=[ast.Name() | ast.Subscript() as target], value=value) if isinstance(
            parent, ast.For | ast.While
        ):
            yield "accumulate", ast.AugAssign(target, ast.Add(), value)
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


def _repairs_of_call(node: ast.Call) -> Iterator[tuple[str, ast.AST]]:
    name, method = called(node), isinstance(node.func, ast.Attribute)
    inner = [node.args[0]] if len(node.args) == 1 else []
    if not inner and not node.args and isinstance(node.func, ast.Attribute):
        inner = [node.func.value]
    yield from (("drop call", value) for value in inner)
    for group in _ALIKE:
        for other in group if name in group and method else ():
            if other != name and _OPPOSITE.get(name) != other:
                function = copy.copy(node.func)
                setattr(function, "attr", other)  # noqa: B010  an Attribute, as `method` says
                yield f"{name} to {other}", ast.Call(function, node.args, node.keywords)
    if name not in _ORDERED_CALLS:
        yield from (("swap arguments", ast.Call(node.func, swapped, node.keywords)) for swapped in _swaps(node.args))
    if name in _REDUCERS:
        yield from _axes(node)


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
        yield from ((name, indexed(ast.Tuple(swapped, ast.Load()))) for swapped in _swaps(index.elts))
    if isinstance(index, ast.Slice):
        if index.lower is not None and index.upper is not None:
            yield name, indexed(ast.Slice(None, index.upper, index.step))
            yield name, indexed(ast.Slice(index.lower, None, index.step))
        if index.step is not None:
            yield name, indexed(ast.Slice(index.lower, index.upper, None))


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
    forms: list[tuple[str, str]] = []
    if whole or summand or argument:
        forms += [("change sign", f"-{text}")] if not isinstance(node, ast.UnaryOp) else []
        forms += [("add factor", f"2 * {text}"), ("add factor", f"0.5 * {text}"), ("change power", f"{text} ** 2")]
        forms += [("add factor", f"{text} {op} {name}") for name in scope.names for op in "*/"]
    if not isinstance(node, ast.UnaryOp):
        forms += [("subtract from 1", f"1 - {text}")]
    if whole or argument or isinstance(node, ast.Name):
        forms += [("add term", f"{text} {op} {name}") for name in scope.names for op in "+-"]
    if whole:
        sizes = [f"{name}.{size}" for name in scope.names for size in ("shape[0]", "size")]
        forms += [("add factor", f"{text} {op} {size}") for size in sizes for op in "*/"]
        forms += [("add factor", f"{text} * ({name} > 0)") for name in scope.names]
        forms += [("add product", f"{text} @ {name}{after}") for name in scope.names for after in ("", ".T")]
        forms += [("add product", f"{name}{after} @ {text}") for name in scope.names for after in ("", ".T")]
    yield from ((name, f"({form})" if operand or summand else form) for name, form in forms)
    if not isinstance(node, ast.UnaryOp) and not (isinstance(node, ast.Attribute) and node.attr in ("T", "mT")):
        yield "add transpose", f"{text}.T"
    yield "change shape", f"{text}[:, None]"
    yield "change shape", f"{text}[None, :]"
    if scope.arrays and not operand:
        yield "add call", f"{scope.arrays}.abs({text})"
    for options in ("axis=0", "axis=1", "", "axis=0, keepdims=True", "axis=1, keepdims=True") if whole else ():
        yield "add sum", f"{text}.sum({options})"


def _is_part(parent: ast.AST) -> bool:
    """Whether a value is one of several that are returned or assigned together."""
    return isinstance(parent, ast.Tuple | ast.Dict | ast.List)
