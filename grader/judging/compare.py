"""Compare a returned value with the expected one: what the first difference is, or None. Pure, and without wording.

Order of the tests: structure, shape, dtype kind, finiteness, values; so nothing is ever compared by broadcasting.
"""

from __future__ import annotations

import math
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from grader.wire.values import Array, List, Mapping, Text, Tuple, Value, pack, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = [
    "WHOLE",
    "Difference",
    "Mismatch",
    "Precision",
    "arranged",
    "compare",
    "conform",
    "form",
    "held",
    "split",
    "widened",
    "wrong_entries",
]

WHOLE = ""
"""The name of an answer as a whole, where its parts have names."""

_TIGHT = (1e-6, 1e-12)
_ROUNDED = (1e-5, 1e-7)
_LOOSE = (1e-4, 1e-6)
"""Relative tolerance, and absolute tolerance as a share of the largest expected entry: of a result in float64, of one that float32
rounds to some digits of its own, and of what is computed from inputs that are float32 already."""

_MOST_LISTED = 2**16
"""How many entries a list may have that is taken for an array, where no more are expected."""


class Precision(StrEnum):
    """How accurate an answer has to be, by what it was given."""

    ONLY_DOUBLE = "only double"
    """Of float64 inputs, where tails or scale are asked: a float32 result gains nothing."""
    DOUBLE = "double"
    """Of float64 inputs: a float32 result is held to what float32 can do."""
    SINGLE = "single"
    """Of float32 inputs: whatever comes of them may be as inaccurate as they are."""


class Difference(StrEnum):
    """What differs first."""

    TYPE = "type"
    STRUCTURE = "structure"
    SHAPE = "shape"
    DTYPE = "dtype"
    NONFINITE = "nonfinite"
    VALUE = "value"


class Mismatch(msgspec.Struct, frozen=True):
    """The first difference: its kind, and the two nodes that differ, `path` being their place in the value."""

    kind: Difference
    expected: Value
    got: Value
    path: tuple[str, ...] = ()
    precision: Precision = Precision.DOUBLE


def compare(
    expected: Value, got: Value, precision: Precision = Precision.DOUBLE, *, kinds: bool = True
) -> Mismatch | None:
    """The first difference between two values; without `kinds`, 1 and 1.0 and True are alike.

    Lists and tuples of numbers count as arrays, a list of arrays as a tuple. An entry is equal where
    |got - expected| <= rtol |expected| + atol max|expected|, and nan equals nan, inf equals inf.
    """
    mismatch = _compare(conform(expected, expected), conform(expected, got), precision, kinds=kinds)
    if mismatch is not None and _is_shape(expected):  # nobody asked for an array
        other = Difference.STRUCTURE if mismatch.kind is Difference.SHAPE else mismatch.kind
        return Mismatch(other, expected, got)
    return mismatch


def form(expected: Value, got: Value) -> Mismatch | None:
    """The first difference in structure, shape, dtype kind or finiteness, whatever the values."""
    return _compare(conform(expected, expected), conform(expected, got), None)


def arranged(expected: Value, names: Sequence[str], got: Value) -> Value:
    """`got`, with its parts in the form of `expected`: `names` are what the parts are called, in their order.

    So parts in a tuple, a list or a dict are the same answer. A value of other parts stays as it is.
    """
    if isinstance(got, Mapping):
        if isinstance(expected, Tuple | List) and len(expected.items) == len(names) and got.items.keys() == set(names):
            return Tuple(tuple(got.items[name] for name in names))
    elif isinstance(expected, Mapping) and expected.items.keys() == set(names):
        items = _items(got, len(names))
        if items is not None:
            return Mapping(dict(zip(names, items, strict=True)))
    return got


def _items(value: Value, count: int) -> Sequence[Value] | None:
    """So many parts that stand in a row: of a tuple or a list, or the rows of an array; None for any other value."""
    if isinstance(value, Array) and value.shape and value.shape[0] == count:
        return [pack(row) for row in value.numpy()]
    return value.items if isinstance(value, Tuple | List) and len(value.items) == count else None


def conform(expected: Value, got: Value) -> Value:
    """`got`, written as `expected` is where that only changes the notation; else `got` as it is."""
    if isinstance(expected, Array) or _is_shape(expected):
        return _as_array(got, expected)
    if isinstance(expected, Tuple | List):
        items = _items(got, len(expected.items))
        if items is not None:
            return Tuple(tuple(conform(want, item) for want, item in zip(expected.items, items, strict=True)))
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        wanted = expected.items
        return Mapping({key: conform(wanted[key], item) if key in wanted else item for key, item in got.items.items()})
    return got


def widened(expected: Value, got: Value) -> Value:
    """`got` as `conform` writes it, its numbers in types that are no narrower than the expected ones: the same numbers.

    Who computes with it computes as with the expected value. In a student's own type 1000 * 1000 may be infinite, and the negative of 1
    is 255.
    """
    return _widened(conform(expected, expected), conform(expected, got))


def _widened(expected: Value, got: Value) -> Value:
    if isinstance(expected, Array) and isinstance(got, Array):
        return _array_widened(expected, got)
    if isinstance(expected, Tuple | List) and isinstance(got, Tuple | List) and len(expected.items) == len(got.items):
        return type(got)(tuple(map(_widened, expected.items, got.items)))
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        return Mapping({name: _widened(expected.items.get(name, item), item) for name, item in got.items.items()})
    return got


def _array_widened(expected: Array, got: Array) -> Array:
    want, have = np.dtype(expected.dtype), np.dtype(got.dtype)
    if want == have:
        return got
    numbers = got.numpy()
    if want.kind in "iu" and have.kind in "iu":
        # What holds all integers of both types may be a float, which is no size and no index.
        as_wanted = numbers.astype(want)
        return Array(expected.dtype, got.shape, as_wanted.tobytes()) if (as_wanted == numbers).all() else got
    wide = np.result_type(want, have)
    return Array(wide.str, got.shape, numbers.astype(wide).tobytes())


def held(value: Value, by: Value) -> Value:
    """A value of the same structure as another, in whose arrays are narrower: 1e-300 is 0 in float32, and 1e300 infinite."""
    if isinstance(value, Array) and isinstance(by, Array):
        wide, narrow = np.dtype(value.dtype), np.dtype(by.dtype)
        if wide.kind == narrow.kind == "f" and narrow.itemsize < wide.itemsize:
            with np.errstate(over="ignore", under="ignore"):
                return pack(value.numpy().astype(narrow))
    elif isinstance(value, Tuple | List) and isinstance(by, Tuple | List) and len(value.items) == len(by.items):
        return Tuple(tuple(map(held, value.items, by.items)))
    elif isinstance(value, Mapping) and isinstance(by, Mapping):
        return Mapping({name: held(item, by.items.get(name, item)) for name, item in value.items.items()})
    return value


def _is_shape(value: Value) -> bool:
    """Whether a tuple holds integers alone: such a tuple is one value, not parts."""
    return isinstance(value, Tuple) and bool(value.items) and all(
        isinstance(item, Array) and not item.shape and np.dtype(item.dtype).kind in "iu" for item in value.items
    )  # fmt: skip


def _as_array(value: Value, expected: Value) -> Value:
    """A tuple or list of numbers or of equally shaped rows, as one array; anything else as it is.

    So is what has far more entries than can be right, which would be copied for each comparison.
    """
    if not isinstance(value, Tuple | List):
        return value
    rows: list[Array] = []
    shape = _shape_of_rows(value, rows)
    if shape is None or math.prod(shape) > max(_MOST_LISTED, _entries(expected)):
        return value
    try:
        return pack(np.concatenate([row.numpy().ravel() for row in rows]).reshape(shape))
    except ValueError:  # rows without entries, but of a size that numpy cannot address in one array
        return value


def _shape_of_rows(value: Value, rows: list[Array]) -> tuple[int, ...] | None:
    """The shape of nested tuples and lists of arrays, which are put into `rows`; None where they are not of one shape."""
    if isinstance(value, Array):
        rows.append(value)
        return value.shape
    items = value.items if isinstance(value, Tuple | List) else ()
    shapes = {_shape_of_rows(item, rows) for item in items}
    shape = shapes.pop() if len(shapes) == 1 else None
    return None if shape is None else (len(items), *shape)


def _entries(value: Value) -> int:
    return math.prod(value.shape) if isinstance(value, Array) else 0


def split(expected: Value, names: Iterable[str], value: Value) -> dict[str, Value] | None:
    """The named parts of a value that has the expected structure: by key of a dict, else by position in a tuple."""
    names = tuple(names)
    value = conform(expected, value)
    if isinstance(value, Mapping):
        return dict(value.items) if set(value.items) == set(names) else None
    found = parts(value)
    return dict(zip(names, found, strict=True)) if len(found) == len(names) else None


def _compare(
    expected: Value, got: Value, precision: Precision | None, *, kinds: bool = True, path: tuple[str, ...] = ()
) -> Mismatch | None:
    """The first difference; without a `precision`, whatever the values."""
    if isinstance(expected, Array) and isinstance(got, Array):
        kind = _compare_arrays(expected, got, precision, kinds=kinds)
        return Mismatch(kind, expected, got, path, precision or Precision.DOUBLE) if kind else None
    if isinstance(expected, Text) and isinstance(got, Text):
        return None if expected == got or precision is None else Mismatch(Difference.VALUE, expected, got, path)
    if isinstance(expected, Mapping) and isinstance(got, Mapping):
        pairs = {key: (item, got.items.get(key)) for key, item in expected.items.items()}
        same = expected.items.keys() == got.items.keys()
    elif type(expected) is type(got) and isinstance(expected, Tuple | List) and isinstance(got, Tuple | List):
        same = len(expected.items) == len(got.items)
        pairs = {str(index): pair for index, pair in enumerate(zip(expected.items, got.items, strict=False))}
    else:
        # What was asked is one thing and what came another: parts for an array, or no numbers at all.
        structural = parts(expected) or (isinstance(expected, Array) and parts(got))
        comparable = isinstance(got, Array | Tuple | List | Mapping)
        kind = Difference.STRUCTURE if structural and comparable else Difference.TYPE
        return None if expected == got else Mismatch(kind, expected, got, path)
    if not same:
        return Mismatch(Difference.STRUCTURE, expected, got, path)
    for name, (want, item) in pairs.items():
        if item is not None and (mismatch := _compare(want, item, precision, kinds=kinds, path=(*path, name))):
            return mismatch
    return None


def _compare_arrays(expected: Array, got: Array, precision: Precision | None, *, kinds: bool) -> Difference | None:
    if expected == got:
        return None  # bit by bit, as many right answers are: the rest costs many times as much
    if expected.shape != got.shape:
        return Difference.SHAPE
    want, have = expected.numpy(), got.numpy()
    if kinds and have.dtype.kind not in _KINDS_ACCEPTED[want.dtype.kind]:
        return Difference.DTYPE
    if np.any(np.isfinite(want) & ~np.isfinite(have)):
        return Difference.NONFINITE
    return Difference.VALUE if precision and wrong_entries(want, have, precision).any() else None


_KINDS_ACCEPTED = {"f": "fiub", "c": "cfiub", "i": "iu", "u": "iu", "b": "bfiu"}
"""Integers and booleans pass for floats where they are equal, and for booleans 0 and 1 do."""


def _tolerance(expected: NDArray[Any], dtype: np.dtype[Any], precision: Precision) -> NDArray[Any]:
    """How far a result of `dtype` may be from each expected entry."""
    rounded = precision is Precision.DOUBLE and dtype.kind in "fc" and dtype.itemsize <= _SINGLE[dtype.kind]
    relative, absolute = _LOOSE if precision is Precision.SINGLE else _ROUNDED if rounded else _TIGHT
    magnitude = np.abs(np.where(np.isfinite(expected), expected, 0))
    scale = magnitude.max(initial=0.0)
    return np.asarray(relative * magnitude + absolute * scale)


_SINGLE = {"f": 4, "c": 8}


def wrong_entries(
    expected: NDArray[Any], got: NDArray[Any], precision: Precision = Precision.DOUBLE
) -> NDArray[np.bool_]:
    """Where `got` is not the expected number; both of one shape. Whole numbers are exact: a size off by one is wrong."""
    if expected.dtype.kind in "iub" and got.dtype.kind in "iub":
        return np.asarray(expected != got)
    kind = complex if "c" in (expected.dtype.kind, got.dtype.kind) else float
    with np.errstate(invalid="ignore", over="ignore"):  # also in a cast, and of equal: a nan may be one that signals
        want, have = expected.astype(kind), got.astype(kind)
        close = np.abs(have - want) <= _tolerance(want, got.dtype, precision)
        same = (have == want) | (np.isnan(have) & np.isnan(want))
    return np.asarray(~(close | same))
