"""What a generic mistake is: a hypothesis on the numbers of a case, and the value that it predicts. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import msgspec
import numpy as np

from grader.judging.compare import Precision, wrong_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    Numbers = NDArray[Any]
    Reduce = Callable[..., Any]

__all__ = ["Block", "Hypothesis", "Sample", "axes_of", "not_finite", "same"]

Block = Literal["entry", "row", "column", "case"]
"""What is right or wrong as a whole: a row extends along all axes but the first, a column along all but the last."""


class Sample(msgspec.Struct, frozen=True):
    """One case in numbers: the inputs that are arrays or numbers, by name, the expected value, and the student's.

    Beside them the words among the inputs, by name, that everybody knows.
    """

    inputs: Mapping[str, Numbers]
    want: Numbers
    got: Numbers
    right: bool
    scalable: bool
    """Whether a factor can be a mistake: not for a shape, an index or a flag."""
    precision: Precision
    words: Mapping[str, str] = {}

    @staticmethod
    def of(
        inputs: Mapping[str, Numbers],
        want: Numbers,
        got: Numbers,
        precision: Precision = Precision.DOUBLE,
        words: Mapping[str, str] | None = None,
    ) -> Sample:
        """The sample, with integers and booleans as floats."""
        floating = {name: _floating(numbers) for name, numbers in inputs.items()}
        right, scalable = same(want, got, precision), want.dtype.kind in "fc"
        return Sample(floating, _floating(want), _floating(got), right, scalable, precision, words or {})

    def alongside(self, name: str) -> Numbers | None:
        """The input of that name, entry for entry beside the expected value; None where it has another shape, or is none."""
        array = self.inputs.get(name)
        return array if array is not None and array.shape == self.want.shape else None

    def agrees(self, predicted: Numbers, seen: Numbers) -> bool:
        """Whether a mistake predicts what is seen: in float32 it is the same mistake."""
        double = self.precision is Precision.ONLY_DOUBLE
        if predicted.dtype.kind == seen.dtype.kind == "f" and seen.dtype.itemsize < predicted.dtype.itemsize:
            predicted = predicted.astype(seen.dtype)
        return same(predicted, seen, Precision.DOUBLE if double else self.precision)

    def wrong(self, block: Block = "entry") -> NDArray[np.bool_]:
        """Which blocks hold a wrong entry, their axes being kept with size 1: all, if the value has another shape."""
        alike = self.want.shape == self.got.shape
        entries = wrong_entries(self.want, self.got, self.precision) if alike else np.ones(self.want.shape, bool)
        return np.asarray(entries.any(axis=axes_of(block, entries.ndim), keepdims=True))


class Hypothesis(msgspec.Struct, frozen=True):
    """A mistake: what the values are under it, and the value that it predicts for a case.

    None is predicted where the mistake cannot be made. `seen` is what of the student's value is predicted. A mistake
    that leaves some of the blocks `partial` right is told by these as well.
    """

    phrase: str
    predict: Callable[[Sample], Numbers | None]
    seen: Callable[[Sample], Numbers] = lambda sample: sample.got
    partial: Block | None = None
    repeats: bool = False
    """Whether one number in every entry is what is predicted: else that looks the same in many orders, and tells little."""


def same(expected: Numbers, got: Numbers, precision: Precision = Precision.DOUBLE) -> bool:
    """Whether two arrays have one shape and, within tolerance, the same numbers."""
    return expected.shape == got.shape and not wrong_entries(expected, got, precision).any()


def not_finite(predicted: Numbers, got: Numbers, precision: Precision) -> bool:
    """Whether an entry is nan or infinite that is predicted to be finite, and none is another number, but for 0, than is predicted.

    For arrays of one shape. An overflow leaves nan, and zeros beside it.
    """
    if predicted.dtype.kind not in "fc" or got.dtype.kind not in "fc" or np.isfinite(got).all():
        return False
    lost = np.isfinite(predicted) & ~np.isfinite(got)
    return bool(lost.any()) and not (wrong_entries(predicted, got, precision) & ~lost & (got != 0)).any()


def axes_of(block: Block, ndim: int) -> tuple[int, ...]:
    """The axes along which a block extends."""
    first, last = {"entry": (0, 0), "row": (1, ndim), "column": (0, ndim - 1), "case": (0, ndim)}[block]
    return tuple(range(first, last))


def _floating(numbers: Numbers) -> Numbers:
    return numbers if numbers.dtype.kind in "fc" else numbers.astype(float)
