"""The facts about a wrong value, in words, and values as they are shown. Pure.

For a hidden check (`dims` given) a sentence never holds inputs, expected values, or text of the student's making.
"""

from __future__ import annotations

import itertools
import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.judging.compare import Difference, Mismatch, wrong_entries
from grader.wire.values import Array, Code, List, Mapping, Nothing, Opaque, Text, Tuple, Value, parts
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.judging.answer_key import CaseKey, CheckKey
    from grader.judging.mistakes.hypotheses import Numbers

__all__ = ["argument_shown", "array_shown", "call_shown", "describe", "dimensions", "shown"]

_ENTRIES_SHOWN = 3
_TINY = 1e-3
"""A wrong zero is a rounded tail where the expected entry is below this."""

_ENTRIES_PRINTED, _PARTS_SHOWN, _CHARACTERS_SHOWN, _SOURCE_SHOWN = 500, 100, 80, 1_000

_DOCSTRING = re.compile(r'^\s*"""[^"]*"""')

_SHAPE = re.compile(r"\((\d{1,9},)?\)|\(\d{1,9}(, \d{1,9}){1,9}\)")

_TYPES = frozenset(
    ["bool", "bytearray", "bytes", "complex", "dict", "ellipsis", "float", "frozenset", "function", "generator", "int", "list", "map", "method", "module", "object", "range", "set", "str", "tuple", "type", "zip", "builtin_function_or_method", "numpy.matrix", "numpy.ndarray", "numpy.ufunc", "numpy.ma.MaskedArray", "torch.Tensor", "torch.nn.Parameter"]
) | {f"numpy.ndarray of {name}" for name in ("object", "str", "bytes", "datetime64", "timedelta64", "void")}  # fmt: skip
"""Type names that are not the student's own text."""


_DTYPES = frozenset({"float16", "float32", "float64", "int64"})
"""The names of types of numbers that a check may ask for; so few that they tell nothing of what was hidden."""


def dimensions(case: CaseKey) -> frozenset[int]:
    """The sizes that a case's own arrays have: what a returned shape may be made of to be shown for a hidden check."""
    return frozenset(size for value in (*case.args, case.expected) for size in _sizes(value)) | {1}


def _sizes(value: Value) -> Iterable[int]:
    if isinstance(value, Array):
        yield from value.shape
    for part in parts(value):
        yield from _sizes(part)


def describe(
    mismatch: Mismatch,
    dims: frozenset[int] | None = None,
    names: Sequence[str] = (),
    *,
    driven: bool = False,
    part: bool = False,
) -> str:
    """The facts about a wrong value, in a sentence; `dims` for a hidden check, `names` where its parts have some.

    Of a check that is `driven` the form of the value is the check's own, and no place in it is told. A `part` is what a function
    returned beside others: a None there is no missing `return`.
    """
    where = "" if driven else _place(mismatch.path, names)
    expected, got = mismatch.expected, mismatch.got
    match mismatch.kind:
        case Difference.TYPE if isinstance(got, Nothing):
            missing = "" if part or mismatch.path else ": a `return` is missing, or returns nothing"
            return f"returned None{where}{missing}"
        case Difference.TYPE:
            return f"returned {_kind_of(got)}{where}, asked {_was(expected)}"
        case Difference.STRUCTURE if asked := _asked(mismatch, names):
            return _other_parts(asked, got, where, dims)
        case Difference.STRUCTURE if dims is not None and parts(got):
            # How many values came back is a number of the student's choosing.
            return f"returned several values{where} in another form than the one asked, {_kind_of(expected)}"
        case Difference.STRUCTURE:
            return f"returned {_kind_of(got)}{where}, asked {_was(expected)}"
        case Difference.SHAPE if isinstance(expected, Array) and isinstance(got, Array):
            if dims is not None and not (set(got.shape) <= dims and len(got.shape) <= len(expected.shape) + 1):
                return f"returned another shape{where} than the one asked, {expected.shape}"
            return f"returned shape {got.shape}{where}, asked was {expected.shape}"
        case Difference.DTYPE if isinstance(expected, Array) and isinstance(got, Array):
            return f"returned {_dtype(got)}{where}, asked were {_dtype(expected)}"
        case Difference.NONFINITE:
            return f"returned nan or inf{where} where the right value is finite" + _entries(mismatch, dims)
        case _:
            return _wrong_values(mismatch, where, dims, driven=driven)


def _place(path: Sequence[str], names: Sequence[str]) -> str:
    """Where in the result something is: a part goes by its name, in whatever form it came."""
    if not path:
        return ""
    first, *rest = path
    named = first if first in names else names[int(first)] if first.isdigit() and int(first) < len(names) else ""
    steps = rest if named else path
    return f" in {named or 'result'}" + "".join(f"[{step}]" if step.isdigit() else f"[{step!r}]" for step in steps)


def _asked(mismatch: Mismatch, names: Sequence[str]) -> tuple[str, ...]:
    """The names of the parts that are asked for where a value of other parts came; none where they have no names."""
    if isinstance(mismatch.expected, Mapping) and isinstance(mismatch.got, Mapping):
        return tuple(mismatch.expected.items)
    several = isinstance(mismatch.expected, Tuple | List | Mapping) and len(parts(mismatch.expected)) == len(names)
    return tuple(names) if several and not mismatch.path else ()


def _other_parts(asked: Sequence[str], got: Value, where: str, dims: frozenset[int] | None) -> str:
    """What differs between the parts that are asked for and those that came: of hidden ones no name that was made up."""
    listed = ", ".join(asked)
    if not isinstance(got, Mapping):
        count, several = len(parts(got)), bool(parts(got))
        few = "fewer" if count < len(asked) else "more"
        came = f"{few} values" if several and dims is not None else _kind_of(got)
        return f"returned {came}{where}, asked were {len(asked)}: {listed}"
    missing = [name for name in asked if name not in got.items]
    strange = [name for name in got.items if name not in asked]
    beside = f", but with {', '.join(repr(name[:_CHARACTERS_SHOWN]) for name in strange[:_ENTRIES_SHOWN])}"
    told = beside if strange and dims is None else ""
    if missing:
        return f"returned a dict{where} without {missing[0]!r}{told}; asked were {listed}"
    return (
        f"returned a dict{where} with more in it than was asked{told.replace(', but with', ':')}; asked were {listed}"
    )


def _wrong_values(mismatch: Mismatch, where: str, dims: frozenset[int] | None, *, driven: bool) -> str:
    expected, got = mismatch.expected, mismatch.got
    if isinstance(expected, Array) and isinstance(got, Array):
        want, have = expected.numpy(), got.numpy()
        wrong = wrong_entries(want, have, mismatch.precision)
        if not have[wrong].any() and (np.abs(want[wrong]) < _TINY).all():
            return f"returned 0{where} where the right value is tiny, but not 0" + _entries(mismatch, dims)
    if isinstance(expected, Text) and isinstance(got, Text) and {expected.text, got.text} <= _DTYPES:
        return f"returned {got.text}{where}, asked was {expected.text}"
    if isinstance(expected, Text):
        return f"the answer{where} is not the right one" + _entries(mismatch, dims, driven=driven)
    several = isinstance(expected, Array) and expected.shape
    facts = f"the shape is right, the values{where} are not" if several else f"the value{where} is wrong"
    return facts + _entries(mismatch, dims)


def _entries(mismatch: Mismatch, dims: frozenset[int] | None, *, driven: bool = False) -> str:
    """The first entries that differ, for a public check; of a `driven` one, shapes that it has made text of."""
    expected, got = mismatch.expected, mismatch.got
    if dims is not None:
        return ""
    if not (isinstance(expected, Array) and isinstance(got, Array)):
        returned, asked = (_unquoted(each) if driven else shown(each) for each in (got, expected))
        return f": returned {returned}, expected {asked}"
    want, have = expected.numpy(), got.numpy()
    wrong = wrong_entries(want, have, mismatch.precision)
    if not expected.shape:
        return f": returned {have.item()!r}, expected {want.item()!r}"
    places = [tuple(int(i) for i in index) for index in np.argwhere(wrong)[:_ENTRIES_SHOWN]]
    listed = "; ".join(
        f"at {list(index)} returned {have[index].item()!r}, expected {want[index].item()!r}" for index in places
    )
    total = f" ({int(wrong.sum())} of {wrong.size} entries differ)" if wrong.size > 1 else ""
    return f": {listed}{total}"


def _unquoted(value: Value) -> str:
    """A value as it is shown, but a shape in text as if it were one."""
    return value.text if isinstance(value, Text) and _SHAPE.fullmatch(value.text) else shown(value)


def _dtype(value: Array) -> str:
    return {"c": "complex numbers", "b": "booleans", "f": "floating-point numbers"}.get(
        np.dtype(value.dtype).kind, "integers"
    )


def _was(expected: Value) -> str:
    """What was asked, after a verb in its number."""
    verb = "were" if isinstance(expected, Tuple | List) and len(expected.items) != 1 else "was"
    return f"{verb} {_kind_of(expected)}"


def _kind_of(value: Value) -> str:
    match value:
        case Array(shape=()):
            return "a single number"
        case Array():
            return "an array"
        case Text():
            return "a string"
        case Nothing():
            return "None"
        case Tuple(items) | List(items):
            return count_of(len(items), "value")
        case Mapping():
            return "a dict"
        case Opaque(name):
            return f"an object of type {name}" if name in _TYPES else "an object that is not an array"
        case Code():
            return "a function"


def shown(value: Value) -> str:
    """A value as Python would print it, shortened: its first parts, of each its first entries."""
    return _shown(value, itertools.count(1))


def _shown(value: Value, seen: Iterator[int]) -> str:
    if next(seen) > _PARTS_SHOWN:
        return "..."
    match value:
        case Array(shape=()):
            return repr(value.numpy().item())
        case Array():
            return array_shown(value.numpy())
        case Text(text):
            return repr(text[:_CHARACTERS_SHOWN])
        case Tuple(items):
            return f"({', '.join(_shown(item, seen) for item in items[:_PARTS_SHOWN])}{',' if len(items) == 1 else ''})"
        case List(items):
            return f"[{', '.join(_shown(item, seen) for item in items[:_PARTS_SHOWN])}]"
        case Mapping(items):
            named = itertools.islice(items.items(), _PARTS_SHOWN)
            return "{" + ", ".join(f"{key[:_CHARACTERS_SHOWN]!r}: {_shown(item, seen)}" for key, item in named) + "}"
        case _:
            return _kind_of(value)


def call_shown(check: CheckKey, case: CaseKey) -> str:
    """The call of a case, so that it can be repeated."""
    named = (f"{name}={argument_shown(value)}" for name, value in zip(check.arguments, case.args, strict=False))
    return f"{check.function}({', '.join(named)})"


def argument_shown(value: Value) -> str:
    """An argument of a call that can be repeated: as `shown`, and a function by its source, which is the course's."""
    if not isinstance(value, Code) or len(value.source) > _SOURCE_SHOWN or not value.source.startswith("def "):
        return shown(value)
    head, _, body = value.source.removeprefix("def ").partition(":\n")
    name, _, parameters = head.partition("(")
    lines = [line.strip() for line in _DOCSTRING.sub("", body).splitlines() if line.strip()]
    if len(lines) == 1 and lines[0].startswith("return "):
        named = (each.partition(":")[0].partition("=")[0].strip() for each in parameters.rpartition(")")[0].split(","))
        return f"lambda {', '.join(filter(str.isidentifier, named))}: {lines[0].removeprefix('return ')}"
    return f"{name}, which is: {'; '.join(lines)}" if lines else shown(value)


def array_shown(array: Numbers) -> str:
    """An array in one line, shortened: numpy leaves axes of six entries or fewer whole, however many there are."""
    options: dict[str, Any] = {"threshold": 20, "precision": 6, "separator": ", "}
    if math.prod(min(size, 6) for size in array.shape) <= _ENTRIES_PRINTED:
        return np.array2string(array, **options).replace("\n", "")
    return f"{np.array2string(array.ravel()[:20], **options)[:-1]}, ...] of shape {array.shape}".replace("\n", "")
