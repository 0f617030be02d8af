"""For which inputs the values are right: a fact about right and wrong cases, where nothing tells what the values are. Pure.

A pattern is told only where it parts the right cases from the wrong ones without an exception, at least two of each; of the
right ones those count whose value is not 0, which comes of anything. Where an input has the shape of the answer, entries may
take the place of cases: then it takes four of each, or two zeros. It tells nothing of a value but what is said of an input.
"""

from __future__ import annotations

import itertools
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from grader.judging.mistakes.hypotheses import Numbers, Sample

__all__ = ["pattern"]

_CASES, _ENTRIES, _ZEROS = 2, 4, 2
"""How many right ones and wrong ones tell a pattern: of cases, of entries, and of entries where the input is 0."""
_FAR = 4.0
"""A large number is more than so many times as large as a small one."""
_MATRIX = 2
_PAIR = 2
"""So many different sizes have words of their own where they are equal."""


class _Pattern(msgspec.Struct, frozen=True):
    """A property of the inputs, in words that are said of the `subject` where it holds and where it does not."""

    subject: str
    holds: str
    fails: str
    where: Callable[[Sample], bool | NDArray[np.bool_]]
    """Of a case, or of each entry of its value."""
    enough: int = _CASES
    """How many must have the property; as many must not, or the least of entries."""
    again: str = "it"
    """What the second half of the sentence calls the subject."""


def pattern(samples: Sequence[Sample], words: tuple[str, str] = ("right", "wrong")) -> str | None:
    """What parts the inputs for which the values are right from the others, as what the values are; else None.

    In other `words` where right and wrong stand for something else.
    """
    right = np.array([sample.right for sample in samples])
    telling = [bool((np.isfinite(sample.want) & (sample.want != 0)).any()) for sample in samples]
    if right.all():
        return None
    counted = right & telling
    # Where none is right, nothing parts them.
    for each in itertools.chain(_of_words(samples), _of_cases(samples)) if right.any() else ():
        places = np.array([bool(each.where(sample)) for sample in samples])
        if told := _told(each, places, right, counted, _CASES, words):
            return told
    if any(sample.got.shape != sample.want.shape for sample in samples):
        return None
    entries = np.concatenate([~sample.wrong().ravel() for sample in samples])
    of_note = entries & (np.concatenate([sample.want.ravel() for sample in samples]) != 0)
    for each in _of_entries(samples) if entries.any() else ():
        places = np.concatenate([np.ravel(each.where(sample)) for sample in samples])
        if told := _told(each, places, entries, of_note, _ENTRIES, words):
            return told
    return None


def _told(  # noqa: PLR0913
    each: _Pattern, places: NDArray[np.bool_], right: NDArray[np.bool_], counted: NDArray[np.bool_], least: int,
    words: tuple[str, str],
) -> str | None:  # fmt: skip
    """What a pattern says; None where it does not hold everywhere, or where there is too little of it."""
    for (first, second), same in ((words, right), (words[::-1], ~right)):
        if np.array_equal(places, same):
            evident = counted | ~right
            many = np.count_nonzero(evident & places) >= each.enough and np.count_nonzero(evident & ~places) >= least
            return (
                f"{first} where {each.subject} {each.holds} and {second} where {each.again} {each.fails}"
                if many
                else None
            )
    return None


def _named(samples: Sequence[Sample]) -> list[str]:
    """The inputs that every case has."""
    return [name for name in samples[0].inputs if all(name in sample.inputs for sample in samples)]


# --- of cases


def _of_words(samples: Sequence[Sample]) -> Iterator[_Pattern]:
    """What is asked for by a word."""
    for name in samples[0].words:
        if all(name in sample.words for sample in samples):
            for word in dict.fromkeys(sample.words[name] for sample in samples):
                yield _Pattern(name, f'is "{word}"', f'is not "{word}"', partial(_is_word, name, word))


def _of_cases(samples: Sequence[Sample]) -> Iterator[_Pattern]:
    """What may be said of a case: of its shapes first, then of its numbers."""
    for name in _named(samples):
        arrays = [sample.inputs[name] for sample in samples]
        for ndim in sorted({array.ndim for array in arrays}):
            has, lacks = (f"is {ndim}-D", f"is not {ndim}-D") if ndim else ("is a single number", "is an array")
            yield _Pattern(name, has, lacks, partial(_has_axes, name, ndim))
    sizes = [
        (name, axis)
        for name in _named(samples)
        for axis in range(min(sample.inputs[name].ndim for sample in samples))
        if all(sample.inputs[name].shape[axis] for sample in samples)
    ]
    for name, axis in sizes:
        yield _Pattern(*_single(name, axis, samples[0].inputs[name].ndim), partial(_is_single, name, axis))
    if len({tuple(sample.inputs[name].shape[axis] for sample in samples) for name, axis in sizes}) > _PAIR:
        yield _Pattern("all sizes", "are equal", "differ", partial(_are_all_equal, sizes), again="sizes")
    for (one, first), (two, second) in itertools.combinations(sizes, 2):
        other = f"{two}.shape[{second}]"
        test = partial(_are_equal, one, first, two, second)
        if one == two and samples[0].inputs[one].ndim == _MATRIX:
            yield _Pattern(one, "is square", "is not square", test)
        else:
            yield _Pattern(f"{one}.shape[{first}]", f"equals {other}", f"differs from {other}", test)
    for name in _named(samples):
        if any(sample.inputs[name].ndim for sample in samples):
            yield _Pattern(name, "is all 0", "is not all 0", partial(_all, name, _is_zero))
            positive = partial(_all, name, _is_positive)
            yield _Pattern(name, "has positive entries alone", "has an entry that is not positive", positive)
            yield _Pattern(name, "has no negative entry", "has a negative entry", partial(_all, name, _is_no_less))
            sizes_of = np.array([np.abs(sample.inputs[name]).max(initial=0.0) for sample in samples])
            if (bound := _bound(sizes_of, np.array([sample.right for sample in samples]))) is not None:
                small = partial(_all, name, partial(_is_small, bound))
                yield _Pattern(name, "has small entries alone", "has a large entry", small)
        else:
            numbers = np.array([sample.inputs[name] for sample in samples])
            yield from _of_numbers(name, numbers, np.array([sample.right for sample in samples]), _CASES)


def _single(name: str, axis: int, ndim: int) -> tuple[str, str, str]:
    """A size of 1, in words."""
    if ndim > _MATRIX:
        return f"{name}.shape[{axis}]", "is 1", "is more than 1"
    what, several = (("entry", "entries"), ("row", "rows"), ("column", "columns"))[ndim + axis - 1]
    return name, f"has one {what}", f"has several {several}"


def _is_word(name: str, word: str, sample: Sample) -> bool:
    return sample.words[name] == word


def _has_axes(name: str, ndim: int, sample: Sample) -> bool:
    return sample.inputs[name].ndim == ndim


def _is_single(name: str, axis: int, sample: Sample) -> bool:
    return bool(sample.inputs[name].shape[axis] == 1)


def _are_equal(one: str, first: int, two: str, second: int, sample: Sample) -> bool:
    return bool(sample.inputs[one].shape[first] == sample.inputs[two].shape[second])


def _are_all_equal(sizes: Sequence[tuple[str, int]], sample: Sample) -> bool:
    return len({sample.inputs[name].shape[axis] for name, axis in sizes}) == 1


def _all(name: str, test: Callable[[Numbers], NDArray[np.bool_]], sample: Sample) -> bool:
    return bool(np.all(test(sample.inputs[name])))


# --- of entries


def _of_entries(samples: Sequence[Sample]) -> Iterator[_Pattern]:
    """What may be said of an entry of the value, by the entry of an input in its place."""
    for name in _named(samples):
        if all(sample.inputs[name].shape == sample.want.shape for sample in samples):
            numbers = np.concatenate([sample.inputs[name].ravel() for sample in samples])
            right = np.concatenate([~sample.wrong().ravel() for sample in samples])
            yield from _of_numbers(name, numbers, right, _ENTRIES)


def _of_numbers(name: str, numbers: Numbers, right: NDArray[np.bool_], least: int) -> Iterator[_Pattern]:
    """What may be said of a number: its sign and its size."""
    yield _Pattern(name, "is 0", "is not 0", partial(_each, name, _is_zero), _ZEROS)
    yield _Pattern(name, "is positive", "is not positive", partial(_each, name, _is_positive), least)
    yield _Pattern(name, "is not negative", "is negative", partial(_each, name, _is_no_less), least)
    if (bound := _bound(np.abs(numbers), right)) is not None:
        yield _Pattern(f"|{name}|", "is small", "is large", partial(_each, name, partial(_is_small, bound)), least)


def _each(name: str, test: Callable[[Numbers], NDArray[np.bool_]], sample: Sample) -> NDArray[np.bool_]:
    return test(sample.inputs[name])


def _is_zero(numbers: Numbers) -> NDArray[np.bool_]:
    return np.asarray(numbers == 0)


def _is_positive(numbers: Numbers) -> NDArray[np.bool_]:
    return np.asarray(numbers > 0)


def _is_no_less(numbers: Numbers) -> NDArray[np.bool_]:
    return np.asarray(numbers >= 0)


def _is_small(bound: float, numbers: Numbers) -> NDArray[np.bool_]:
    return np.asarray(np.abs(numbers.astype(float)) <= bound)  # which may be more than a short float holds


def _bound(sizes: Numbers, right: NDArray[np.bool_]) -> float | None:
    """The largest of the small sizes, where those of right and of wrong ones lie far apart; else None."""
    for low, high in ((sizes[right], sizes[~right]), (sizes[~right], sizes[right])):
        if low.size and high.size and low.max() < high.min() / _FAR:
            return float(low.max())
    return None
