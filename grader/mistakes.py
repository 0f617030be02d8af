"""What a generic mistake is, and the first table of them: the right numbers, rearranged. Pure.

An entry is a family: a function that reads off a first wrong case which hypotheses are worth a try. What values cannot
show is left out, as over what a sum ran whose terms are neither the answer nor an input.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from grader.compare import wrong_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[Any]
    Reduce = Callable[..., Any]

__all__ = ["REARRANGEMENTS", "Block", "Hypothesis", "Sample", "axes_of", "same"]

Block = Literal["entry", "row", "column", "case"]
"""What is right or wrong as a whole: a row extends along all axes but the first, a column along all but the last."""

_FEW_AXES = range(3, 5)
"""For how many axes all their orders are tried: up to two there is no other than the transpose."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One case in numbers: the inputs that are arrays or numbers, by name, the expected value, and the student's."""

    inputs: Mapping[str, Numbers]
    want: Numbers
    got: Numbers
    right: bool
    scalable: bool
    """Whether a factor can be a mistake: not for a shape, an index or a flag."""

    @staticmethod
    def of(inputs: Mapping[str, Numbers], want: Numbers, got: Numbers) -> Sample:
        """The sample, with integers and booleans as floats."""
        floating = {name: _floating(numbers) for name, numbers in inputs.items()}
        return Sample(floating, _floating(want), _floating(got), same(want, got), scalable=want.dtype.kind in "fc")

    def wrong(self, block: Block = "entry") -> NDArray[np.bool_]:
        """Which blocks hold a wrong entry, their axes being kept with size 1: all, if the value has another shape."""
        alike = self.want.shape == self.got.shape
        entries = wrong_entries(self.want, self.got) if alike else np.ones(self.want.shape, bool)
        return np.asarray(entries.any(axis=axes_of(block, entries.ndim), keepdims=True))


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A mistake: what the values are under it, and the value that it predicts for a case.

    None is predicted where the mistake cannot be made. `seen` is what of the student's value is predicted. A mistake
    that leaves some of the blocks `partial` right is told by these as well.
    """

    phrase: str
    predict: Callable[[Sample], Numbers | None]
    seen: Callable[[Sample], Numbers] = lambda sample: sample.got
    partial: Block | None = None


def same(expected: Numbers, got: Numbers) -> bool:
    """Whether two arrays have one shape and, within tolerance, the same numbers."""
    return expected.shape == got.shape and not wrong_entries(expected, got).any()


def axes_of(block: Block, ndim: int) -> tuple[int, ...]:
    """The axes along which a block extends."""
    first, last = {"entry": (0, 0), "row": (1, ndim), "column": (0, ndim - 1), "case": (0, ndim)}[block]
    return tuple(range(first, last))


def _floating(numbers: Numbers) -> Numbers:
    return numbers if numbers.dtype.kind in "fc" else numbers.astype(float)


def _expected(sample: Sample) -> Numbers:
    return sample.want


# --- rearrangements: all of them linear, so that they can be scaled as well


def _axes(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    for axis in range(samples[0].want.ndim):
        yield Hypothesis(f"without their axis {axis}, which has size 1", partial(_squeezed, axis))
    for axis in range(samples[0].want.ndim + 1):
        yield Hypothesis(f"with an axis of size 1 too many (axis {axis})", partial(_expanded, axis))
    yield Hypothesis(
        "in an array of one entry where a single number is asked",
        lambda sample: None if sample.want.ndim else sample.want.reshape(1),
    )


def _squeezed(axis: int, sample: Sample) -> Numbers | None:
    single = axis < sample.want.ndim and sample.want.shape[axis] == 1
    return sample.want.squeeze(axis) if single else None


def _expanded(axis: int, sample: Sample) -> Numbers | None:
    return np.expand_dims(sample.want, axis) if axis <= sample.want.ndim else None


def _orders(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    ndim = samples[0].want.ndim
    yield Hypothesis("transposed", lambda sample: sample.want.T)
    if ndim in _FEW_AXES:
        for order in itertools.permutations(range(ndim)):
            yield Hypothesis(f"with the axes in the order {order}", partial(_permuted, order))
    yield Hypothesis("in reverse order", lambda sample: sample.want[::-1] if sample.want.ndim == 1 else None)
    yield Hypothesis("flattened", lambda sample: sample.want.reshape(-1))
    yield Hypothesis("in the same order, but in another shape", _reshaped)
    yield Hypothesis(
        "in another order, as if reshaped where a transpose is asked",
        lambda sample: sample.want.T.reshape(sample.want.shape),
    )


def _permuted(order: tuple[int, ...], sample: Sample) -> Numbers | None:
    return sample.want.transpose(order) if sample.want.ndim == len(order) else None


def _reshaped(sample: Sample) -> Numbers | None:
    return sample.want.reshape(sample.got.shape) if sample.want.size == sample.got.size else None


def _sums(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    """A sum or mean over an axis that should stay, and one that was not taken."""
    want, got = samples[0].want, samples[0].got
    kinds: list[tuple[str, str, Reduce]] = [("sum", "added up", np.sum), ("mean", "averaged", np.mean)]
    for name, taken, reduce in kinds:
        for axis in range(want.ndim):
            yield Hypothesis(f"{taken} over axis {axis}", partial(_reduced, reduce, axis))
            yield Hypothesis(f"{taken} over axis {axis}, left with size 1", partial(_reduced, reduce, axis, keep=True))
        yield Hypothesis(f"all {taken} into one number", partial(_reduced, reduce, None))
        for axis in range(got.ndim):
            yield Hypothesis(f"before a {name} over axis {axis}", _expected, partial(_reduction, reduce, axis))
        yield Hypothesis(f"before a {name} over all axes", _expected, partial(_reduction, reduce, None))


def _reduced(reduce: Reduce, axis: int | None, sample: Sample, *, keep: bool = False) -> Numbers | None:
    possible = sample.want.size and (axis is None or axis < sample.want.ndim)
    return np.asarray(reduce(sample.want, axis=axis, keepdims=keep)) if possible else None


def _reduction(reduce: Reduce, axis: int | None, sample: Sample) -> Numbers:
    """The student's value after the sum that it lacks; as it is, where there is nothing to sum over."""
    possible = sample.got.size and sample.got.ndim > sample.want.ndim and (axis is None or axis < sample.got.ndim)
    return np.asarray(reduce(sample.got, axis=axis)) if possible else np.full((*sample.got.shape, 0), 0.0)


REARRANGEMENTS = (_axes, _orders, _sums)
