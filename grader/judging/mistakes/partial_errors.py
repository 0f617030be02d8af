"""The second table of generic mistakes, more than a rearrangement: another operation, or values right but for some. Pure.

What values cannot show is left out: a product of the wrong kind, or a sum over the wrong axis, is seen only where it
and the right one follow from the inputs.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.judging.mistakes.hypotheses import Hypothesis, Sample, axes_of, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from grader.judging.mistakes.hypotheses import Block, Numbers, Reduce

    Operation = Callable[[Sample], Numbers | None]

__all__ = ["OTHER_VALUES", "PARTIAL_ERRORS"]

_TAIL = 5.0
"""An input nearer to 0 than this is in no tail: the sigmoid has still 3 % of its largest slope there."""
_DIGITS = 1e-4
"""The relative accuracy that float32 arithmetic keeps through an exercise."""
_FEW_DIGITS = 2e-3
"""The relative accuracy that float16 keeps."""
_LAST_PLACES = 8 * 2.0**-52
"""What rounding leaves of numbers about 1."""
_MATRIX = 2


def _operations(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    """Another operation on one or two inputs than the one asked, where the answer is just that operation."""
    first = samples[0]
    done: list[tuple[str, Operation]] = []
    reductions: list[tuple[str, Reduce]] = [("sums", np.sum), ("means", np.mean)]
    arrays = [name for name, array in first.inputs.items() if array.ndim > 1]
    for name in arrays:
        done += [
            (f"the {kind} of {name} over axis {axis}", partial(_reduced_input, reduce, name, axis))
            for kind, reduce in reductions
            for axis in range(first.inputs[name].ndim)
        ]
    for one, two in itertools.permutations([name for name in arrays if first.inputs[name].ndim == _MATRIX], 2):
        for left, right in itertools.product((f"{one}", f"{one}.T"), (f"{two}", f"{two}.T")):
            done.append((f"{left} @ {right}", partial(_product, np.matmul, left, right)))
            done.append((f"{left} * {right}", partial(_product, np.multiply, left, right)))
    results = [(name, operation, operation(first)) for name, operation in done]
    asked = [(name, operation) for name, operation, value in results if value is not None and same(first.want, value)]
    given = [(name, operation) for name, operation, value in results if value is not None and same(first.got, value)]
    for (right, operation), (name, other) in itertools.product(asked, given):
        yield Hypothesis(f"{name}, and the expected ones are {right}", partial(_instead, operation, other))


def _reduced_input(reduce: Reduce, name: str, axis: int, sample: Sample) -> Numbers | None:
    array = sample.inputs.get(name)
    possible = array is not None and array.size and axis < array.ndim
    return np.asarray(reduce(array, axis=axis)) if possible else None


def _product(multiply: Callable[..., Any], left: str, right: str, sample: Sample) -> Numbers | None:
    one, two = (sample.inputs.get(name.removesuffix(".T")) for name in (left, right))
    if one is None or two is None or one.ndim != _MATRIX or two.ndim != _MATRIX:
        return None
    one, two = (one.T if left.endswith(".T") else one), (two.T if right.endswith(".T") else two)
    fits = one.shape[1] == two.shape[0] if multiply is np.matmul else one.shape == two.shape
    return np.asarray(multiply(one, two)) if fits else None


def _instead(asked: Operation, given: Operation, sample: Sample) -> Numbers | None:
    right = asked(sample)
    return given(sample) if right is not None and same(sample.want, right) else None


def _cancellations(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    del samples
    yield Hypothesis(
        "right to 16 decimals only, where the value itself is smaller: two nearly equal numbers are subtracted, and their digits are lost",
        _cancelled,
    )


def _roundings(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    del samples
    yield Hypothesis(
        "the expected ones with the decimals cut off, as happens where they are stored as integers",
        lambda sample: np.trunc(sample.want) if sample.want.dtype.kind == "f" else None,
    )
    for digits in range(8):
        yield Hypothesis(f"the expected ones rounded to {digits} decimals", partial(_rounded, digits))


def _rounded(digits: int, sample: Sample) -> Numbers:
    return np.round(sample.want, digits)


def _accuracies(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    del samples
    yield Hypothesis("right to the accuracy of float16 only: compute in float64", _half)
    yield Hypothesis("right to the accuracy of float32 only: compute in float64", _single)
    yield Hypothesis("right to 4 digits or more, but not to as many as are asked", _nearly)


def _nearly(sample: Sample) -> Numbers | None:
    if sample.want.shape != sample.got.shape:
        return None
    near = np.isfinite(sample.want) & (np.abs(sample.got - sample.want) <= _DIGITS * np.abs(sample.want))
    return sample.got if near[sample.wrong()].all() else None


def _cancelled(sample: Sample) -> Numbers | None:
    """The student's value, if it is off by a few units in the last place of 1 and no more, where it is wrong."""
    if sample.want.shape != sample.got.shape or sample.want.dtype.kind != "f":
        return None
    near = np.abs(sample.got - sample.want) <= _LAST_PLACES
    return sample.got if near[sample.wrong()].all() else None


def _half(sample: Sample) -> Numbers | None:
    """The student's value, if it holds nothing that float16 does not."""
    if sample.want.shape != sample.got.shape or sample.got.dtype.kind != "f":
        return None
    near = np.isfinite(sample.want) & (np.abs(sample.got - sample.want) <= _FEW_DIGITS * np.abs(sample.want))
    held = sample.right or (sample.got.astype(np.float16) == sample.got).all()
    return sample.got if held and near[sample.wrong()].all() else None


def _single(sample: Sample) -> Numbers | None:
    """The student's value, if it holds nothing that float32 does not."""
    kind = np.complex64 if sample.got.dtype.kind == "c" else np.float32
    return _nearly(sample) if sample.right or (sample.got.astype(kind) == sample.got).all() else None


# --- right but for some: the student's value where exactly the predicted places are wrong, else one that is nowhere


def _exactly(sample: Sample, places: NDArray[np.bool_], block: Block = "entry") -> Numbers | None:
    """The student's value, if exactly the blocks in these `places` are wrong."""
    if not places.any():
        return None
    return sample.got if np.array_equal(sample.wrong(block), places) else np.zeros((0, 0))


def _zeros(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    mistaken = "something else where the right value is 0, and right elsewhere"
    yield Hypothesis(mistaken, partial(_with_zeros, "entry"), partial="entry")
    # Where each column has a 0, as in a tensor that is mostly 0, it tells nothing that they are wrong.
    if any(not _zero_in("column", sample).all() for sample in samples if not sample.right):
        yield Hypothesis(
            "wrong just in the columns where the right value has a 0", partial(_with_zeros, "column"), partial="column"
        )


def _cases_with_zeros(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    if not any(
        _parts(name, samples) for name in samples[0].words
    ):  # it tells more than zeros, which come of what it asks for
        yield Hypothesis(
            "wrong just for inputs whose right value has a 0 in it", partial(_with_zeros, "case"), partial="case"
        )


def _parts(name: str, samples: Sequence[Sample]) -> bool:
    """Whether no word among the inputs has both right values and wrong ones."""
    right, wrong = ({sample.words.get(name) for sample in samples if sample.right is kind} for kind in (True, False))
    return right.isdisjoint(wrong)


def _with_zeros(block: Block, sample: Sample) -> Numbers | None:
    return _exactly(sample, _zero_in(block, sample), block)


def _zero_in(block: Block, sample: Sample) -> NDArray[np.bool_]:
    """In which blocks the right value has a 0."""
    return np.asarray((sample.want == 0).any(axis=axes_of(block, sample.want.ndim), keepdims=True))


def _slopes(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    """One and the same number, or multiple of an input, where an input is negative and the right value 0."""
    for name in samples[0].inputs:
        for what, unit in ((f"a multiple of {name}", _itself), ("one and the same number", np.ones_like)):
            slopes = [slope for sample in samples if (slope := _slope(name, unit, sample)) is not None]
            if slopes and np.ptp(slopes) <= _DIGITS * abs(slopes[0]):
                yield Hypothesis(
                    f"{what} where {name} is negative and the right value is 0 (leaky?)",
                    partial(_leaky, name, unit, slopes[0]), partial="entry",
                )  # fmt: skip


def _itself(array: Numbers) -> Numbers:
    return array


def _slope(name: str, unit: Callable[[Numbers], Numbers], sample: Sample) -> float | None:
    """The factor of the unit at the first place where the input is negative; None where there is none, or another shape."""
    array = sample.alongside(name)
    if sample.right or array is None or array.shape != sample.got.shape:
        return None
    places = (array < 0) & (sample.want == 0)
    slope = float(np.real(sample.got[places][0] / unit(array)[places][0])) if places.any() else 0.0
    return slope if slope and np.isfinite(slope) else None


def _leaky(name: str, unit: Callable[[Numbers], Numbers], slope: float, sample: Sample) -> Numbers | None:
    """The right value, leaky below 0; at 0 itself the student's."""
    array = sample.alongside(name)
    if array is None or array.shape != sample.got.shape:
        return None
    leaking = np.where((array < 0) & (sample.want == 0), slope * unit(array), sample.want)
    return np.where(array == 0, sample.got, leaking)


def _clipped(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    """The right values, cut off at one and the same size: that of the largest wrong entry."""
    largest = max((np.abs(sample.got).max(initial=0.0) for sample in samples if not sample.right), default=0.0)
    if largest and np.isfinite(largest):
        for words, low, high in (("size", -largest, largest), ("value", -np.inf, largest)):
            yield Hypothesis(
                f"the expected ones cut off at one and the same largest {words}: is something clipped?",
                partial(_cut, low, high), partial="entry",
            )  # fmt: skip


def _cut(low: float, high: float, sample: Sample) -> Numbers | None:
    return np.clip(sample.want, low, high) if sample.want.dtype.kind == "f" else None


def _rows(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    if samples[0].want.ndim:
        row = "entry" if samples[0].want.ndim == 1 else "row"
        yield Hypothesis(f"right in the first {row} only", partial(_one_row, 0), partial="row")
        yield Hypothesis(f"right in the last {row} only", partial(_one_row, -1), partial="row")


def _one_row(row: int, sample: Sample) -> Numbers | None:
    if not sample.want.ndim or len(sample.want) in (0, 1):
        return None
    places = np.ones((len(sample.want),) + (1,) * (sample.want.ndim - 1), bool)
    places[row] = False
    return _exactly(sample, places, "row")


def _tails(samples: Sequence[Sample]) -> Iterator[Hypothesis]:
    """0, nan or inf, or one other number, beyond some bound, which follows from the cases and is then held to each of them."""
    for name in samples[0].inputs:
        sides: list[tuple[str, Callable[[Numbers], Numbers]]] = [
            (f"|{name}| is large", np.abs), (f"{name} is large", np.positive), (f"{name} is far below 0", np.negative),
        ]  # fmt: skip
        alike = [
            (sample, sample.inputs[name], sample.wrong())
            for sample in samples
            if name in sample.inputs and sample.inputs[name].shape == sample.want.shape == sample.got.shape
        ]
        values = np.concatenate([sample.got[wrong] for sample, _, wrong in alike]) if alike else np.zeros(0)
        what = "0" if not values.any() else "nan or inf" if not np.isfinite(values).any() else ""
        one = not what and values.dtype.kind == "f" and np.ptp(values) <= _DIGITS * abs(values[0])
        level = float(values[0]) if one else None
        what = "one and the same number (clipped?)" if level is not None else what
        for side, distance in sides if what and values.size else []:
            bound = min(distance(array[wrong]).min(initial=np.inf) for _, array, wrong in alike)
            if bound < _TAIL:
                continue
            phrase = f"{what} where {side}, and right elsewhere"
            if level is None:
                yield Hypothesis(phrase, partial(_beyond, name, distance, bound), partial="entry")
            else:
                levelled = partial(_levelled, name, distance, bound, level)
                yield Hypothesis(phrase, levelled, partial="entry", repeats=True)


def _beyond(name: str, distance: Callable[[Numbers], Numbers], bound: float, sample: Sample) -> Numbers | None:
    array = sample.alongside(name)
    return None if array is None else _exactly(sample, distance(array) >= bound)


def _levelled(
    name: str, distance: Callable[[Numbers], Numbers], bound: float, level: float, sample: Sample
) -> Numbers | None:  # fmt: skip
    """The right value, with one number beyond the bound: which may be near enough to right ones beside larger entries."""
    array = sample.alongside(name)
    return None if array is None else np.asarray(np.where(distance(array) >= bound, level, sample.want))


OTHER_VALUES = (_operations, _clipped, _cancellations, _roundings, _accuracies)
"""What all values are."""
PARTIAL_ERRORS = (_slopes, _tails, _zeros, _rows, _cases_with_zeros)
"""Where values are wrong."""
