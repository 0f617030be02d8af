"""Hidden checks for relative_error(a, n): max |a - n| / max(1e-8, |a| + |n|), inf where an entry is nan or infinite."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception

Array = NDArray[np.float64]
Gradients = tuple[Array, Array]

hints = [
    "Work out one entry on paper, then let numpy do all of them at once, and take the largest at the very end.",
    "np.maximum(1e-8, scale) guards every entry of an array; max(1e-8, scale) does not work on an array.",
    "Ask np.isfinite about both arrays before you compute anything, and return float('inf') where one has a bad entry.",
]

equivalent = {
    "round: float('inf') -> np.round(float('inf'), decimals=6)": "infinity is round",
    "clip: float(np.max(np.abs(a - n) / np.maximum(1e-08, scale))) -> np.clip(float(np.max(np.abs(a - n) / np.maximum("
    "1e-08, scale))), -100, 100)": "no relative error is above 1",
}


def _gradients(rng: np.random.Generator, shape: tuple[int, ...]) -> Gradients:
    """Draw gradients that differ by a tenth or so in every entry, in both directions; the last one has another sign."""
    a = rng.uniform(0.5, 3.0, size=shape) * rng.choice([-1.0, 1.0], size=shape)
    n = a * (1 + rng.uniform(0.05, 0.3, size=shape) * rng.choice([-1.0, 1.0], size=shape))
    return a, n


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Gradients]:
    """gives 0.5 for 3 against 1, also beside entries that are closer, and 1 for 3 against -1"""
    yield np.array([3.0]), np.array([1.0])
    yield np.array([2.0, 3.0, 10.0]), np.array([2.0, 1.0, 11.0])
    yield np.array([3.0, 1.0]), np.array([-1.0, 1.0])


@check(points=1)
def any_shape(rng: np.random.Generator) -> Iterator[Gradients]:
    """gives the largest error of an entry for arrays of any shape, also for float32"""
    for shape in [(5,), (2, 3), (3, 3), (2, 1, 4), (1,)]:
        yield _gradients(rng, shape)
    a, n = _gradients(rng, (4,))
    yield a.astype(np.float32), n.astype(np.float32)


@check(points=1)
def symmetric_and_free_of_scale(rng: np.random.Generator) -> Iterator[Gradients]:
    """gives the same for a and n in either order, with other signs, and at every scale"""
    a, n = _gradients(rng, (6,))
    # The largest error is one of an entry that is too small: without its absolute value it would not count.
    n[0] = 2 * abs(a[0])
    a[0] = abs(a[0])
    for scale in (1.0, -1.0, 1e-4, 1e6):
        yield scale * a, scale * n
        yield scale * n, scale * a
    # Almost equal: the error is tiny, but not 0.
    yield a, a * (1 + 1.2345e-7)
    opposite = n.copy()
    opposite[2] = -0.8 * a[2]
    yield a, opposite
    yield opposite, a


@check(points=1)
def one_wrong_entry_among_many(rng: np.random.Generator) -> Iterator[Gradients]:
    """finds the one wrong entry of a large gradient, however small it is beside the others"""
    for position, wrong in [(17, 1.5), (1234, 0.4)]:
        a = rng.normal(size=2000)
        a[np.abs(a) < 0.1] = 0.1
        n = a * (1 + 1e-9)
        a[position] = 1e-3
        n[position] = wrong * a[position]
        yield a, n
    a, _ = _gradients(rng, (40, 30))
    n = a.copy()
    n[31, 7] = 0.0
    yield a, n
    # Right up to a tenth where it is large, and three times too large where it is small.
    yield np.array([1e-3, -10.0, 4.0]), np.array([3e-3, -11.0, 4.0])


@check(points=1, float64_only=True)
def zero_and_tiny_entries(rng: np.random.Generator) -> Iterator[Gradients]:
    """gives 0 where both gradients are zero, and measures entries below 1e-8 against 1e-8"""
    yield np.zeros((2, 3)), np.zeros((2, 3))
    yield np.array([0.0, 2.0, -1.0]), np.array([0.0, 2.2, -1.0])
    yield np.array([3e-9, 0.0]), np.array([1e-9, 0.0])
    yield np.array([3e-9, 0.1]), np.array([1e-9, 0.11])
    yield np.array([0.0, -2e-10, 1.0]), np.array([4e-9, 2e-10, 1.0])
    yield np.array([0.0, 5.0]), np.array([1e-7, 5.0])


@check(points=1, readonly=True)
def not_a_number(rng: np.random.Generator) -> Iterator[Gradients]:
    """gives inf where an entry of either gradient is nan or infinite, and leaves it there"""
    a, n = _gradients(rng, (5,))
    for value in (np.nan, np.inf, -np.inf):
        broken = a.copy()
        broken[rng.integers(5)] = value
        yield broken, n
        yield n, broken
        yield broken, broken


def _worst(errors: Array | np.floating[Any], a: Array, n: Array) -> float:
    """Return the largest error, inf for what is not finite: most wrong formulas are right about that."""
    return float(np.max(errors)) if np.isfinite(a).all() and np.isfinite(n).all() else float("inf")


def _right(a: Array, n: Array) -> Array:
    """Return the error of each entry."""
    return np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))


@misconception
def absolute_error(a: Array, n: Array) -> float:
    """That is the absolute error, which means nothing without the scale of the gradients: divide by |a| + |n|."""
    return _worst(np.abs(a - n), a, n)


@misconception
def no_absolute_value(a: Array, n: Array) -> float:
    """Without the absolute value of a - n, a gradient that is too small everywhere passes."""
    return _worst((a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n)), a, n)


@misconception
def no_guard_for_zero(a: Array, n: Array) -> float:
    """Two zeros give 0 / 0, which is nan: the denominator must be at least 1e-8."""
    return _worst(np.abs(a - n) / (np.abs(a) + np.abs(n)), a, n)


@misconception
def guard_of_one(a: Array, n: Array) -> float:
    """A denominator of at least 1 turns this into an absolute error for small gradients: the guard is 1e-8."""
    return _worst(np.abs(a - n) / np.maximum(1.0, np.abs(a) + np.abs(n)), a, n)


@misconception
def guard_added(a: Array, n: Array) -> float:
    """The guard is the smallest denominator, max(1e-8, ...); added to it, it changes the error of small entries."""
    return _worst(np.abs(a - n) / (np.abs(a) + np.abs(n) + 1e-8), a, n)


@misconception
def nothing_below_the_guard(a: Array, n: Array) -> float:
    """Entries below 1e-8 have an error as well: the guard is the smallest denominator, and no threshold below which all is equal."""
    return _worst(np.where(np.abs(a) + np.abs(n) > 1e-8, _right(a, n), 0), a, n)


@misconception
def norm_of_the_whole(a: Array, n: Array) -> float:
    """A single wrong entry drowns in the norm of a long vector: take the largest error of an entry."""
    return _worst(np.linalg.norm(a - n) / np.maximum(1e-8, np.linalg.norm(a) + np.linalg.norm(n)), a, n)


@misconception
def norm_over_one_norm(a: Array, n: Array) -> float:
    """A single wrong entry drowns in the norm of a long vector, and one gradient in the denominator favours it: take the
    largest error of an entry, over |a| + |n|."""
    return _worst(np.linalg.norm(a - n) / np.maximum(1e-8, np.linalg.norm(n)), a, n)


@misconception
def largest_over_largest(a: Array, n: Array) -> float:
    """The largest difference and the largest scale may be of different entries: divide first, then take the maximum."""
    return _worst(np.abs(a - n).max() / np.maximum(1e-8, (np.abs(a) + np.abs(n)).max()), a, n)


@misconception
def signed_denominator(a: Array, n: Array) -> float:
    """a + n cancels where the signs differ: the denominator is |a| + |n|."""
    return _worst(np.abs(a - n) / np.maximum(1e-8, np.abs(a + n)), a, n)


@misconception
def larger_of_the_two(a: Array, n: Array) -> float:
    """Some texts divide by the larger of |a| and |n|; here the denominator is their sum."""
    return _worst(np.abs(a - n) / np.maximum(1e-8, np.maximum(np.abs(a), np.abs(n))), a, n)


@misconception
def relative_to_one_of_them(a: Array, n: Array) -> float:
    """Dividing by one of the gradients alone favours it: the denominator is |a| + |n|, the same in either order."""
    return _worst(np.abs(a - n) / np.maximum(1e-8, np.abs(n)), a, n)


@misconception
def mean_of_the_errors(a: Array, n: Array) -> float:
    """The mean hides a single wrong entry among many right ones: take the largest error."""
    return _worst(np.mean(_right(a, n)), a, n)


@misconception
def nan_returned(a: Array, n: Array) -> float:
    """For an entry that is nan or infinite your error is nan, and nan > 1e-6 is False: the check passes; give inf."""
    return float(np.max(_right(a, n)))


@misconception
def infinities_forgotten(a: Array, n: Array) -> float:
    """You give inf for a nan, and not for what is infinite: there your error is inf / inf, which is nan. Ask for what is finite."""
    return float("inf") if np.isnan(a).any() or np.isnan(n).any() else float(np.max(_right(a, n)))


@misconception
def second_gradient_not_asked(a: Array, n: Array) -> float:
    """You look for nan and infinity in a alone: an entry of n may be one as well, and then your error is nan."""
    return float(np.max(_right(a, n))) if np.isfinite(a).all() else float("inf")


@misconception
def first_gradient_not_asked(a: Array, n: Array) -> float:
    """You look for nan and infinity in n alone: an entry of a may be one as well, and then your error is nan."""
    return float(np.max(_right(a, n))) if np.isfinite(n).all() else float("inf")


@misconception
def nan_replaced(a: Array, n: Array) -> float:
    """np.nan_to_num makes a number of a broken entry, and the check may pass: where one is nan or infinite, give inf."""
    return float(np.max(_right(np.nan_to_num(a), np.nan_to_num(n))))


@misconception
def nan_left_out(a: Array, n: Array) -> float:
    """An entry that is nan or infinite was left out of the maximum, so a broken gradient passes: give inf."""
    errors = _right(a, n)
    return float(np.max(errors[np.isfinite(errors)], initial=0.0))


derivation = """
Why not |a - n|? A difference of 0.001 is a catastrophe where the gradients are about 0.001, and nothing where they are about
1000. So compare the difference with the size of the two numbers:

    |a - n| / (|a| + |n|)

The sum of the sizes treats both alike: neither is taken for the right one. By the triangle inequality |a - n| is at most
|a| + |n|, so the error lies between 0 and 1. It is 1 where the signs differ, or where just one of the two is 0. (A plain
a + n would not do: where the signs differ, it is near 0.)

If both are 0, this is 0 / 0. The gradients agree, so the error has to be 0: a denominator of at least 1e-8 sees to that,
`np.maximum(1e-8, ...)`. It replaces the sum where that is smaller, and changes nothing elsewhere.

Then the maximum, over all entries. One wrong entry among a million is a bug, and a mean or a norm of the whole hides it. Each
entry is divided by its own scale first.

Last, nan and inf. inf - inf is nan, and a nan is neither above nor below 1e-6: a check that asks `error > 1e-6` would pass. So
the code asks first whether all is finite, and says inf if not.

The usual mistake is to divide the norm of a - n by the sum of the norms of a and n. It is in many texts. But it is one number
for the whole, to which the largest entries give most.

    >>> a, n = np.array([1000.0, 0.001, 0.0]), np.array([1000.0, 0.003, 0.0])
    >>> round(relative_error(a, n), 6), bool(np.linalg.norm(a - n) / np.linalg.norm(a) < 1e-5)
    (0.5, True)
    >>> relative_error(np.array([np.nan]), np.array([1.0]))
    inf
"""
