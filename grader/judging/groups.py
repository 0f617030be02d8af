"""Which wrong answers are the same: a name for the values of a function, whatever code they came of. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from grader.judging.compare import conform
from grader.wire import messages as wire
from grader.wire.values import Array, Mapping, Text, arrays, parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.judging.answer_key import CaseKey, CheckKey
    from grader.wire.values import Value

__all__ = ["group_of"]

_STEP, _SMALL, _OFFSET = 1e-5, 1e-3, 0.37
"""Values count as one within this share of themselves, or, far below the scale of the right ones, of this share of that.

The offset keeps round numbers, which are what answers are made of, away from where one step ends and the next begins.
"""
_LETTERS = 8
_ENTRIES = 2**16
"""So many entries of an array tell answers apart: an array that is wrong can be as large as a reply may be."""


def group_of(exercise: str, function: str, answered: Iterable[tuple[CheckKey, CaseKey, wire.Outcome | None]]) -> str:
    """The name of the group of a function's outcomes: the same for the same values, but for what rounding does to them.

    A case without a value counts as such, whatever stopped it.
    """
    found = hashlib.sha256(f"{exercise}\0{function}".encode())
    for check, case, outcome in answered:
        found.update(f"\0{check.name}\0".encode())
        if isinstance(outcome, wire.Returned):
            for piece in _pieces(conform(case.expected, outcome.value), _scale(case.expected)):
                found.update(piece)
    return found.hexdigest()[:_LETTERS]


def _scale(expected: Value) -> float:
    """The largest finite number of the right answer, which is the same for everybody."""
    largest = max((_magnitude(array) for array in arrays(expected)), default=0.0)
    return largest or 1.0


def _magnitude(array: Array) -> float:
    numbers = np.abs(array.numpy()).astype(float)
    return float(np.max(numbers, where=np.isfinite(numbers), initial=0.0))


def _pieces(value: Value, scale: float) -> Iterator[bytes]:
    """A value in bytes, with its structure: numbers in steps that grow with them."""
    yield type(value).__name__.encode()
    if isinstance(value, Array):
        yield str(value.shape).encode()
        yield _steps(value, scale)
    elif isinstance(value, Text):
        yield value.text.encode()
    elif isinstance(value, Mapping):
        for name, part in sorted(value.items.items()):
            yield name.encode()
            yield from _pieces(part, scale)
    else:
        for part in parts(value):
            yield from _pieces(part, scale)


def _steps(array: Array, scale: float) -> bytes:
    numbers = array.numpy().ravel()[:_ENTRIES]
    reals = numbers.astype(complex).view(float) if numbers.dtype.kind == "c" else numbers.astype(float)
    with np.errstate(all="ignore"):
        steps = np.floor(np.arcsinh(reals / (scale * _SMALL)) / _STEP + _OFFSET)
    return np.where(np.isnan(steps), np.nan, steps).tobytes()  # nan has many forms, and here one
