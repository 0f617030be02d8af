"""A call of a public example as code that can be pasted into Python, below the function that it calls. Pure."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import numpy as np

from grader.syntax import parse
from grader.wire.values import Array, Code, List, Mapping, Nothing, Text, Tuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.judging.answer_key import CaseKey, CheckKey
    from grader.wire.values import Value

__all__ = ["call_code"]

_MOST_ENTRIES, _MOST_CHARACTERS = 200, 4000
"""How many numbers an array may have, and characters the whole: who would paste more?"""
_PLAIN = frozenset({"<f8", "<i8", "|b1"})
"""What np.array makes of Python's own numbers."""


class _NoCodeError(Exception):
    """A value that no short expression gives."""


def call_code(check: CheckKey, case: CaseKey) -> tuple[str, ...]:
    """The lines of the call; none where it would be too long."""
    try:
        lines = ["import numpy as np", *_lines(check, case)]
    except _NoCodeError:
        return ()
    return tuple(lines) if sum(map(len, lines)) <= _MOST_CHARACTERS else ()


def _lines(check: CheckKey, case: CaseKey) -> Iterator[str]:
    names = []
    for index, value in enumerate(case.args):
        name = check.arguments[index] if index < len(check.arguments) else f"argument_{index + 1}"
        if isinstance(value, Code):
            defined, lines = _function(value.source)
            yield from lines
            if defined != name:
                yield f"{name} = {defined}"
        else:
            yield f"{name} = {_expression(value)}"
        if check.readonly and isinstance(value, Array) and value.shape:
            yield f"{name}.setflags(write=False)"
        names.append(name)
    if check.strict:
        yield 'np.seterr(over="raise", divide="raise", invalid="raise")'
    if check.driver:
        driver, lines = _function(check.driver)
        yield from lines
        yield f"{driver}({', '.join([check.function, *names])})"
    else:
        yield f"{check.function}({', '.join(names)})"


def _function(source: str) -> tuple[str, list[str]]:
    """The name that a function's source defines, and its lines, without what only a type checker reads."""
    tree = parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
            if ast.get_docstring(node) is not None and len(node.body) > 1:
                del node.body[0]
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not defined:
        raise _NoCodeError
    return defined[-1], ast.unparse(tree).splitlines()


def _expression(value: Value) -> str:
    """An expression whose value it is, by Python's own names and `np`."""
    match value:
        case Array():
            return _array(value)
        case Text(text):
            return repr(text)
        case Nothing():
            return "None"
        case Tuple(items):
            return f"({', '.join(map(_expression, items))}{',' * (len(items) == 1)})"
        case List(items):
            return f"[{', '.join(map(_expression, items))}]"
        case Mapping(items):
            return "{" + ", ".join(f"{key!r}: {_expression(item)}" for key, item in items.items()) + "}"
        case _:
            raise _NoCodeError


def _array(value: Array) -> str:
    """A number of shape (): the child gets Python's own."""
    array = value.numpy()
    if array.size > _MOST_ENTRIES:
        raise _NoCodeError
    if not value.shape:
        return _numbers(array.item())
    if value.dtype in _PLAIN and array.size:
        return f"np.array({_numbers(array.tolist())})"
    dtype = "bool" if array.dtype.kind == "b" else f"np.{array.dtype.name}"
    return f"np.array({_numbers(array.tolist())}, {dtype})" if array.size else f"np.zeros({value.shape}, {dtype})"


def _numbers(numbers: object) -> str:
    """Nested lists of numbers as Python reads them: nan and inf are no words of its own."""
    if isinstance(numbers, list):
        return f"[{', '.join(map(_numbers, numbers))}]"
    if isinstance(numbers, float) and not np.isfinite(numbers):
        return {"nan": "np.nan", "inf": "np.inf", "-inf": "-np.inf"}[repr(numbers)]
    if isinstance(numbers, complex):
        return f"complex({_numbers(numbers.real)}, {_numbers(numbers.imag)})"
    return repr(numbers)
