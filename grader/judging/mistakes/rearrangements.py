"""The first table of generic mistakes: the right numbers, rearranged. Pure.

An entry is a family: a function that reads off a first wrong case which hypotheses are worth a try. All of them are linear,
so that they can be scaled as well. What values cannot show is left out, as over what a sum ran whose terms are neither the
answer nor an input.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from grader.judging.mistakes.hypotheses import Hypothesis

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.judging.mistakes.hypotheses import Numbers, Reduce, Sample

__all__ = ["REARRANGEMENTS"]

_MATRIX = 2
_FEW_AXES = range(3, 5)
"""For how many axes all their orders are tried: up to two there is no other than the transpose."""


def _expected(sample: Sample) -> Numbers:
    return sample.want


def _axes(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    for axis in range(samples[0].want.ndim):
        yield Hypothesis(f"without their axis {axis}, which has size 1", partial(_squeezed, axis))
    yield Hypothesis("without their axes of size 1", _without_ones)
    for axis in range(samples[0].want.ndim + 1):
        yield Hypothesis(f"with an axis of size 1 too many (axis {axis})", partial(_expanded, axis))
    yield Hypothesis(
        "in an array of one entry where a single number is asked",
        lambda sample: None if sample.want.ndim else sample.want.reshape(1),
    )


def _squeezed(axis: int, sample: Sample) -> Numbers | None:
    single = axis < sample.want.ndim and sample.want.shape[axis] == 1
    return sample.want.squeeze(axis) if single else None


def _without_ones(sample: Sample) -> Numbers | None:
    return sample.want.squeeze() if 1 in sample.want.shape else None


def _expanded(axis: int, sample: Sample) -> Numbers | None:
    return np.expand_dims(sample.want, axis) if axis <= sample.want.ndim else None


def _orders(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    ndim = samples[0].want.ndim
    orders = list(itertools.permutations(range(ndim))) if ndim in _FEW_AXES else []
    yield Hypothesis("transposed", lambda sample: sample.want.T)
    for order in orders:
        yield Hypothesis(f"with the axes in the order {order}", partial(_permuted, order))
    yield Hypothesis("in reverse order", lambda sample: sample.want[::-1] if sample.want.ndim == 1 else None)
    yield Hypothesis("flattened", lambda sample: sample.want.reshape(-1))
    yield Hypothesis("in the same order, but in another shape", _reshaped)
    for order in orders or [tuple(reversed(range(ndim)))]:
        phrase = "in another order, as if reshaped where a transpose is asked"
        yield Hypothesis(phrase, partial(_permuted, order, reshaped=True))


def _permuted(order: tuple[int, ...], sample: Sample, *, reshaped: bool = False) -> Numbers | None:
    if sample.want.ndim != len(order):
        return None
    found = sample.want.transpose(order)
    return found.reshape(sample.want.shape) if reshaped else found


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


def _slices(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    """Less than what is asked, and one total in the place of many."""
    del samples
    yield Hypothesis(
        "in the form of indices, of those that are not 0: asked is an entry for each of them all",
        _indices,
        repeats=True,
    )
    for what, kept in (("first", slice(1, None)), ("last", slice(None, -1))):
        yield Hypothesis(f"without the {what} of them along axis 0", partial(_shortened, kept))
    yield Hypothesis("in their first row alone", lambda sample: sample.want[0] if _has_rows(sample) else None)
    yield Hypothesis("in their last row alone", lambda sample: sample.want[-1] if _has_rows(sample) else None)
    for row, which in ((-1, "last"), (0, "first")):
        yield Hypothesis(
            f"with their {which} row in the place of each: is it one array, written over?", partial(_one_row, row)
        )
    yield Hypothesis("in their first column alone", lambda sample: sample.want[..., 0] if _has_rows(sample) else None)
    yield Hypothesis(
        "in their first row alone, left with size 1", lambda sample: sample.want[:1] if _has_rows(sample) else None
    )
    yield Hypothesis(
        "in their first column alone, left with size 1",
        lambda sample: sample.want[..., :1] if _has_rows(sample) else None,
    )
    yield Hypothesis("in their diagonal alone", lambda sample: np.diagonal(sample.want) if _has_rows(sample) else None)
    yield Hypothesis("on the diagonal alone, with 0 elsewhere", _diagonal_left)
    yield Hypothesis(
        "all added up, and that total in every entry (is an axis missing in the sum?)",
        partial(_everywhere, np.sum),
        repeats=True,
    )
    yield Hypothesis("all averaged, and that mean in every entry", partial(_everywhere, np.mean), repeats=True)


def _indices(sample: Sample) -> Numbers | None:
    """Where flags are set, as np.where gives it; numbers are no flags."""
    flags = sample.want.ndim == 1 and not sample.scalable and np.isin(sample.want, (0, 1)).all()
    return np.flatnonzero(sample.want).astype(float) if flags else None


def _shortened(kept: slice, sample: Sample) -> Numbers | None:
    return sample.want[kept] if sample.want.ndim else None


def _one_row(row: int, sample: Sample) -> Numbers | None:
    return np.repeat(sample.want[[row]], len(sample.want), axis=0) if _has_rows(sample) else None


def _has_rows(sample: Sample) -> bool:
    return sample.want.ndim > 1 and sample.want.shape[0] > 0 and sample.want.shape[-1] > 0


def _diagonal_left(sample: Sample) -> Numbers | None:
    square = sample.want.ndim == _MATRIX and sample.want.shape[0] == sample.want.shape[1]
    return np.diag(np.diagonal(sample.want)) if square else None


def _everywhere(reduce: Reduce, sample: Sample) -> Numbers | None:
    return np.full(sample.want.shape, reduce(sample.want)) if sample.want.ndim and sample.want.size else None


REARRANGEMENTS = (_axes, _orders, _slices, _sums)
