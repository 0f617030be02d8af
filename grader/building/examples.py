"""The public examples of an exercise as a cell of plain Python, for a kernel that has numpy and nothing of ours. Pure."""

from __future__ import annotations

import ast
import textwrap
from typing import TYPE_CHECKING

import numpy as np

from grader.syntax import parse
from grader.wire.values import Array, Code, List, Mapping, Text, Tuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
    from grader.wire.values import Value

__all__ = ["examples_cell", "examples_function"]

_INDENT = "    "

_PLAIN = """\
def plain(value):
    return value.detach().numpy() if hasattr(value, "detach") else value"""
_TENSOR = "plain({})"


def examples_function(exercise: str) -> str:
    """The name of the function that runs an exercise's examples."""
    return f"examples_of_{exercise}"


def examples_cell(key: AnswerKey, *, torch: bool = False) -> str:
    """Source that defines a function which runs the public examples, and calls it where there is a notebook.

    `key` is a public key: all of it is shown. With `torch`, tensors may be returned. A grader reads the cell without
    running its call.
    """
    form = _TENSOR if torch else "{}"
    lines = [line for check in key.checks for line in _check(check, key.judges.get(check.judge, ""), form)]
    body = "\n".join([_PLAIN, *lines] if torch else lines) or "print('there are no public examples')"
    name = examples_function(key.exercise)
    return (
        f"# Run this cell to compare {', '.join(key.functions)} with the public examples; hidden checks decide the grade.\n"
        "import numpy as np\n\n\n"
        f"def {name}():\n"
        f"{textwrap.indent(body, _INDENT)}\n\n\n"
        'if "get_ipython" in globals():  # in a notebook\n'
        f"    {name}()\n"
    )


def _check(check: CheckKey, judge: str, form: str) -> Iterator[str]:
    """The lines for one check: its claim, its helpers, and its cases. `form` makes an array of what was returned."""
    yield f"# {check.claim}"
    for source in (judge, check.driver):
        if source:
            yield _bare(source)
    for case in check.cases:
        yield from _case(check, judge, case, form)
    yield f"print({f'right: {check.claim}'!r})"


def _bare(source: str) -> str:
    """A function without annotations: they name what its file imports, and the notebook does not."""
    tree = parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
    return ast.unparse(tree)


def _case(check: CheckKey, judge: str, case: CaseKey, form: str) -> Iterator[str]:
    names = [_argument_name(check, index) for index in range(len(case.args))]
    for name, value in zip(names, case.args, strict=True):
        if isinstance(value, Code):
            yield _bare(value.source)
            yield f"{name} = {_function_name(value.source)}"
        else:
            yield f"{name} = {literal(value)}"
    call = f"{_function_name(check.driver)}({', '.join([check.function, *names])})" if check.driver else (
        f"{check.function}({', '.join(names)})")  # fmt: skip
    if check.strict:
        yield 'with np.errstate(over="raise", divide="raise", invalid="raise"):'
        yield f"{_INDENT}returned = {call}"
    else:
        yield f"returned = {call}"
    yield from _one_form(check, case.expected)
    if judge:
        yield f"problem = {_function_name(judge)}({', '.join(['returned', *names])})"
        yield "assert problem is None, problem"
    else:
        yield from _compared("returned", case.expected, form)


def _argument_name(check: CheckKey, index: int) -> str:
    return check.arguments[index] if index < len(check.arguments) else f"argument_{index}"


def _function_name(source: str) -> str:
    """The name in a `def`."""
    return source.removeprefix("def ").partition("(")[0].strip()


def _one_form(check: CheckKey, expected: Value) -> Iterator[str]:
    """Lines that bring named parts, which may come in a tuple, a list or a dict, into the form of what is expected."""
    names, asked = list(check.names), ", ".join(check.names)
    if isinstance(expected, Tuple | List) and len(expected.items) == len(names):
        yield "if isinstance(returned, dict):"
        yield f"{_INDENT}assert set(returned) == set({names!r}), {f'a dict of other parts than {asked}'!r}"
        yield f"{_INDENT}returned = tuple(returned[name] for name in {names!r})"
    elif isinstance(expected, Mapping) and expected.items.keys() == set(names):
        yield "if not isinstance(returned, dict):"
        yield f"{_INDENT}assert len(returned) == {len(names)}, {f'asked are {asked}'!r}"
        yield f"{_INDENT}returned = dict(zip({names!r}, returned))"


def _compared(place: str, expected: Value, form: str) -> Iterator[str]:
    """Lines that raise where what is in `place` is not what is expected, part by part."""
    match expected:
        case Array():
            array = expected.numpy()
            scale = float(np.abs(array).max(initial=0.0)) if array.dtype.kind in "fc" else 0.0
            if array.shape:
                told = f" is the shape of {place}, asked was {array.shape}"
                yield f"assert np.shape({place}) == {array.shape}, str(np.shape({place})) + {told!r}"
            tolerance = f"rtol=1e-6, atol={1e-12 * scale!r}, err_msg={place!r}"
            yield f"np.testing.assert_allclose({form.format(place)}, {literal(expected)}, {tolerance})"
        case Tuple(items) | List(items):
            yield f"assert len({place}) == {len(items)}, {f'{place} is not of {len(items)} parts'!r}"
            for index, item in enumerate(items):
                yield from _compared(f"{place}[{index}]", item, form)
        case Mapping(items):
            for name, item in items.items():
                yield from _compared(f"{place}[{name!r}]", item, form)
        case _:
            yield f"assert {place} == {literal(expected)}, {f'{place} is not what is asked'!r}"


def literal(value: Value) -> str:
    """A value as a Python expression."""
    match value:
        case Array(shape=()):
            return _number(value.numpy().item())
        case Array():
            array = value.numpy()
            usual = array.dtype in (np.float64, np.int64, np.bool_)
            dtype = "" if usual and array.size else f", dtype=np.{array.dtype.name}"
            shape = "" if array.size else f".reshape({array.shape})"
            return f"np.array({_nested(array.tolist())}{dtype}){shape}"
        case Text(text):
            return repr(text)
        case Tuple(items):
            return f"({', '.join(map(literal, items))}{',' if len(items) == 1 else ''})"
        case List(items):
            return f"[{', '.join(map(literal, items))}]"
        case Mapping(items):
            return "{" + ", ".join(f"{name!r}: {literal(item)}" for name, item in items.items()) + "}"
        case _:
            return "None"


def _nested(thing: object) -> str:
    return f"[{', '.join(map(_nested, thing))}]" if isinstance(thing, list) else _number(thing)


def _number(number: object) -> str:
    """A number's repr; nan and inf have none that Python reads, nor has a complex number with them or with a zero that has a sign."""
    if isinstance(number, complex):
        return f"complex({_number(number.real)}, {_number(number.imag)})"
    return f"float({str(number)!r})" if isinstance(number, float) and not np.isfinite(number) else repr(number)
