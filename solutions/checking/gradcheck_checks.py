"""Hidden checks for gradcheck(f, grad, x, h, tol), and for the inputs on which three buggy gradients show."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception

Array = NDArray[np.float64]
Verdict = tuple[Any, Any]
Case = tuple[Callable[..., Any], Callable[..., Any], Array, float, float]

hints = [
    "You have both halves already: `numerical_gradient` and `relative_error`. Keep the error of every entry in an array of the"
    " shape of x, and only then ask for the largest one, and for its place.",
    "argmax gives a place in the flattened array; np.unravel_index makes an index of it. A nan is larger than nothing and smaller"
    " than nothing: put np.inf there before you look for the largest error.",
    "For the bugs, read each gradient beside the right one: where are the two formulas equal, and what must an entry of x be like"
    " for them to differ?",
]

equivalent = {
    "clip: inputs -> np.clip(inputs, -100, 100)": "no input is so large",
    "round: inputs -> np.round(inputs, decimals=6)": "whole numbers",
    "return early: return inputs": "it is returned anyway",
    "change constant: np.full((2, 3), 10.0) -> np.full((2, 3), -10.0)": "the slope of the sigmoid is as small there",
    "drop statement: error[~np.isfinite(a)] = np.inf -> pass": "argmax takes nan for the largest, and nan <= tol is False",
    "clip: tuple((int(place) for place in worst)) -> np.clip(tuple((int(place) for place in worst)), -100, 100)": (
        "no index is so large"
    ),
    "round: tuple((int(place) for place in worst)) -> np.round(tuple((int(place) for place in worst)), decimals=6)": (
        "an index is round"
    ),
}


# Functions, gradients and judges travel as source: they may use their arguments, builtins and np alone.


def squares(x: Array) -> float:
    """The example on paper."""
    return np.sum(x**2)


def second_lost_its_two(x: Array) -> Array:
    """The gradient of squares, without the factor 2 in the last entry."""
    return np.where(np.arange(x.size).reshape(x.shape) == x.size - 1, x, 2 * x)


def twice(x: Array) -> Array:
    """The gradient of squares."""
    return 2 * x


def three_times_too_large(x: Array) -> Array:
    """The gradient of squares, times 3."""
    return 6 * x


def wrong_above_two(x: Array) -> Array:
    """The gradient of squares, too large where an entry is above 2."""
    return np.where(x > 2, 3 * x, 2 * x)


def last_entry_unused(x: Array) -> float:
    """The last entry has no influence."""
    return np.sum(x[:, :-1] ** 3) + np.sum(x[:-1] ** 2)


def last_entry_unused_right(x: Array) -> Array:
    """Its gradient, 0 in the last entry."""
    g = 3 * x**2
    g[:, -1] = 0
    g[:-1] += 2 * x[:-1]
    return g


def waves(x: Array) -> float:
    """Every entry has a slope of its own, and third derivatives that differ."""
    weights = 1.0 + np.arange(x.size).reshape(x.shape)
    return np.sum(weights * np.sin(x)) + np.sum(x) ** 2 / 2 + np.sum(x**3)


def waves_right(x: Array) -> Array:
    """Its gradient."""
    return (1.0 + np.arange(x.size).reshape(x.shape)) * np.cos(x) + np.sum(x) + 3 * x**2


def waves_one_wrong(x: Array) -> Array:
    """Its gradient, wrong by a hundredth in one entry, the second one of the last row."""
    g = (1.0 + np.arange(x.size).reshape(x.shape)) * np.cos(x) + np.sum(x) + 3 * x**2
    g[-1, 1] *= 1.01
    return g


def waves_too_small(x: Array) -> Array:
    """Its gradient, a little too small everywhere, and most so in the first row's last entry."""
    g = (1.0 + np.arange(x.size).reshape(x.shape)) * np.cos(x) + np.sum(x) + 3 * x**2
    g *= 0.999
    g[0, -1] *= 0.99
    return g


def waves_without_the_sum(x: Array) -> Array:
    """Its gradient, one term of which was forgotten."""
    return (1.0 + np.arange(x.size).reshape(x.shape)) * np.cos(x) + 3 * x**2


def waves_with_nan(x: Array) -> Array:
    """Its gradient, with nan in one entry, and before it one that is as wrong as a number can be."""
    g = (1.0 + np.arange(x.size).reshape(x.shape)) * np.cos(x) + np.sum(x) + 3 * x**2
    g[-1, 0] = np.nan
    g[0, 1] *= -1
    return g


def waves_with_infinities(x: Array) -> Array:
    """Its gradient, with two infinite entries."""
    g = (1.0 + np.arange(x.size).reshape(x.shape)) * np.cos(x) + np.sum(x) + 3 * x**2
    g[0, 1] = -np.inf
    g[-1, 1] = np.inf
    return g


def faint(x: Array) -> float:
    """All slopes are tiny."""
    return 1e-6 * (np.sum(np.sin(x)) + np.sum(x**3))


def faint_one_wrong(x: Array) -> Array:
    """Its gradient, one entry of which has half of the right value."""
    g = 1e-6 * (np.cos(x) + 3 * x**2)
    g[0, 1] /= 2
    return g


def next_to_flat(x: Array) -> float:
    """All slopes are as small as what keeps 0 / 0 away."""
    return 1e-8 * np.sum(x)


def next_to_flat_doubled(x: Array) -> Array:
    """Its gradient, nearly twice the right values, and one entry fully so."""
    g = np.full(x.shape, 1.9e-8)
    g[-1, 0] = 2e-8
    return g


def flat_but_for_one(x: Array) -> float:
    """All slopes but one are as small as what keeps 0 / 0 away."""
    return 1e-8 * np.sum(x) + 1e-3 * x[0, 1]


def flat_but_for_one_doubled(x: Array) -> Array:
    """Its gradient, one tiny entry of which is twice the right value, and the one that is not tiny nearly so."""
    g = np.full(x.shape, 1e-8)
    g[-1, 0] = 2e-8
    g[0, 1] = 1.8e-3
    return g


def one_small_slope(x: Array) -> float:
    """One slope is small beside the others."""
    return np.sum(1e4 * np.sin(x)) - (1e4 - 1) * np.sin(x[-1, 0])


def one_small_slope_wrong(x: Array) -> Array:
    """Its gradient: the small entry has the wrong sign, all others are right."""
    g = 1e4 * np.cos(x)
    g[-1, 0] = -np.cos(x[-1, 0])
    return g


def rectified(x: Array) -> float:
    """A kink wherever an entry is 0."""
    return np.sum(np.maximum(x, 0) * (1.0 + np.arange(x.size).reshape(x.shape))) + np.sum(x**3)


def rectified_right(x: Array) -> Array:
    """Its gradient, which is right."""
    return (x > 0) * (1.0 + np.arange(x.size).reshape(x.shape)) + 3 * x**2


def fits(returned: "Array") -> str | None:
    """Return None for three inputs in the range asked for."""
    if not np.isfinite(returned).all() or np.abs(returned).max() > 10:
        return "All entries have to be between -10 and 10."
    return None


def shows_in_the_square(returned: "Array") -> str | None:
    """Return None if the first bug shows."""
    x = returned[0]
    if not np.isfinite(returned).all() or np.abs(returned).max() > 10:
        return "All entries have to be between -10 and 10."
    right = 2 * np.maximum(x, 0)
    if np.abs(2 * x - right).max() > 0.01 * np.abs(right).max():
        return None
    return "For your first input `buggy_square_of_relu` is right, or nearly so."


def shows_in_the_sigmoid(returned: "Array") -> str | None:
    """Return None if the second bug shows."""
    x = returned[1]
    if not np.isfinite(returned).all() or np.abs(returned).max() > 10:
        return "All entries have to be between -10 and 10."
    p = 1 / (1 + np.exp(-x))
    kept = np.minimum(np.maximum(p, 0.01), 0.99)
    if np.abs(kept * (1 - kept) - p * (1 - p)).max() > 0.01 * (p * (1 - p)).max():
        return None
    return "For your second input `buggy_sigmoid` is right, or wrong by less than a hundredth of the largest slope."


def shows_in_the_product(returned: "Array") -> str | None:
    """Return None if the third bug shows."""
    x = returned[2]
    if not np.isfinite(returned).all() or np.abs(returned).max() > 10:
        return "All entries have to be between -10 and 10."
    # Off 0 the buggy gradient divides by each entry, which is right; at 0 it is nan. (A tiny entry is not 0.)
    if (x == 0).any():
        return None
    return "For your third input `buggy_product` is right."


def _x(rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
    """Draw inputs at which no slope of `waves` is near 0."""
    while True:
        x = rng.uniform(0.4, 1.6, size=shape) * rng.choice([-1.0, 1.0], size=shape)
        if np.abs(waves_right(x)).min() > 0.5 and abs(x.sum()) > 0.5:
            errors = np.sort(_errors(waves, waves_right, x, 1e-2).ravel())
            one_sided = _relative(waves_right(x), _differences(waves, x, 1e-2, behind=0))
            if errors[-1] > 1.5 * errors[-2] and any(_place(one_sided)):
                return x


PARTS = {"ok": 0.0, "worst": 0.0}


@check(parts=PARTS, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Case]:
    """gives (False, (1,)) for the gradient [2, 3] at [1, 3], and finds the entry of a matrix, too"""
    yield squares, second_lost_its_two, np.array([1.0, 3.0]), 0.125, 0.01
    yield squares, second_lost_its_two, np.array([[1.0, 3.0, 2.0], [2.0, 1.0, 4.0]]), 0.125, 0.01


@check(parts={"ok": 0.5, "worst": 0.5})
def one_wrong_entry(rng: np.random.Generator) -> Iterator[Case]:
    """finds the entry that is wrong, also by a hundredth, and also where its slope is small beside the others"""
    yield waves, waves_one_wrong, _x(rng, (3, 2)), 1e-3, 1e-3
    yield waves, waves_one_wrong, _x(rng, (2, 4)), 1e-3, 1e-3
    yield one_small_slope, one_small_slope_wrong, rng.uniform(0.5, 1.0, size=(3, 4)), 1e-3, 1e-3
    yield one_small_slope, one_small_slope_wrong, rng.uniform(0.5, 1.0, size=(2, 3)), 1e-3, 1e-3
    # A bug that shows at this x alone: one entry is above 2.
    for shape, place in [((2, 3), (1, 1)), ((3, 2), (2, 0))]:
        x = rng.uniform(0.5, 1.5, size=shape)
        x[place] = rng.uniform(2.2, 2.9)
        yield squares, wrong_above_two, x, 1e-3, 1e-3


@check(parts={"ok": 0.25, "worst": 0.25})
def errors_near_tol(rng: np.random.Generator) -> Iterator[Case]:
    """relates an error to the sum of both sizes, lets one of exactly tol pass, and takes two zeros for equal"""
    # Half of a hundredth, and a hundredth of one of the two.
    for shape in [(3, 2), (2, 3), (2, 4)]:
        yield waves, waves_one_wrong, _x(rng, shape), 1e-3, 7.5e-3
    # 3 against 1: exactly 1/2, and the steps are powers of 2. A second entry would be as far off: either were the worst.
    yield squares, three_times_too_large, np.array([0.0625]), 0.125, 0.5
    # 2 against 1: 1/3, also where both are as small as the 1e-8 that stands below them, which is no part of a sum.
    for shape in [(3, 2), (2, 3)]:
        yield next_to_flat, next_to_flat_doubled, rng.uniform(0.5, 1.0, size=shape), 1e-2, 0.3
        yield flat_but_for_one, flat_but_for_one_doubled, rng.uniform(0.5, 1.0, size=shape), 1e-2, 0.27
    yield last_entry_unused, last_entry_unused_right, rng.uniform(0.5, 1.0, size=(2, 3)), 1e-3, 1e-3


@check(parts={"ok": 0.25, "worst": 0.25})
def right_gradients(rng: np.random.Generator) -> Iterator[Case]:
    """lets a right gradient pass, by the small error that central differences have, and no further than tol"""
    for shape in [(3, 2), (2, 4), (2, 1, 3), (5,)]:
        x = _x(rng, shape)
        largest = _errors(waves, waves_right, x, 1e-2).max()
        yield waves, waves_right, x, 1e-2, 3 * largest
        yield waves, waves_right, x, 1e-2, largest / 3


@check(parts={"ok": 0.5, "worst": 0.5})
def wrong_everywhere(rng: np.random.Generator) -> Iterator[Case]:
    """finds gradients that are too small everywhere, that lack a term, and that are tiny and wrong"""
    yield waves, waves_too_small, _x(rng, (2, 3)), 1e-3, 1e-4
    yield waves, waves_too_small, _x(rng, (4, 2)), 1e-3, 1e-4
    yield waves, waves_without_the_sum, _x(rng, (3, 2)), 1e-3, 1e-2
    for shape in [(3, 2), (2, 3)]:
        yield faint, faint_one_wrong, rng.uniform(0.5, 1.0, size=shape), 1e-3, 1e-2


@check(parts={"ok": 0.5, "worst": 0.5})
def not_a_number(rng: np.random.Generator) -> Iterator[Case]:
    """fails where an entry is nan or infinite, and finds it, also behind an entry with the largest error that a number has"""
    for gradient in (waves_with_nan, waves_with_infinities):
        for shape in [(3, 2), (2, 4)]:
            yield waves, gradient, _x(rng, shape), 1e-3, 1e-2
    # No number is off by more than 1, and so every number passes here.
    for shape in [(3, 2), (2, 4)]:
        yield waves, waves_with_infinities, _x(rng, shape), 1e-3, 1.0


@check(parts={"ok": 0.5, "worst": 0.5}, readonly=True)
def near_a_kink(rng: np.random.Generator) -> Iterator[Case]:
    """fails at a kink that is nearer than h, though the gradient is right, and passes beside it; x stays as it was"""
    for place in [(1, 0), (0, 1)]:
        x = rng.uniform(0.6, 1.0, size=(2, 3))
        x[place] = -3e-4
        yield rectified, rectified_right, x, 1e-3, 1e-3
        x[place] = -0.7
        yield rectified, rectified_right, x, 1e-3, 1e-3


@check(points=0, public=True, function="bug_inputs", judge=fits)
def three_inputs(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """returns three inputs, all entries of which are between -10 and 10"""
    yield ()


@check(points=1, function="bug_inputs", judge=shows_in_the_square)
def first_bug(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """has a first input for which the gradient of the squared relu is wrong"""
    yield ()


@check(points=1, function="bug_inputs", judge=shows_in_the_sigmoid)
def second_bug(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """has a second input for which the gradient of the sigmoids is wrong"""
    yield ()


@check(points=1, function="bug_inputs", judge=shows_in_the_product)
def third_bug(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """has a third input for which the gradient of the product is wrong"""
    yield ()


def _differences(f: Callable[..., Any], x: Array, h: float, ahead: float = 1, behind: float = 1) -> Array:
    found = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        found[index] = (f(x + ahead * step) - f(x - behind * step)) / ((ahead + behind) * h)
    return found


def _relative(a: Array, n: Array) -> Array:
    return np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))


def _errors(f: Callable[..., Any], grad: Callable[..., Any], x: Array, h: float) -> Array:
    """Return the right errors."""
    a = grad(x.copy())
    error = _relative(a, _differences(f, x, h))
    error[~np.isfinite(a)] = np.inf
    return error


def _place(error: Array) -> tuple[int, ...]:
    return tuple(int(place) for place in np.unravel_index(error.argmax(), error.shape))


def _verdict(error: Array, tol: float) -> Verdict:
    return bool(error.max() <= tol), _place(error)


@misconception
def absolute_error(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """You compared the absolute errors with tol: where all slopes are tiny, everything passes. Relate them to the entries."""
    a = grad(x.copy())
    error = np.abs(a - _differences(f, x, h))
    error[~np.isfinite(a)] = np.inf
    return _verdict(error, tol)


@misconception
def norm_of_the_whole(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """You compared the norms of the whole gradients: one wrong entry drowns among many right ones."""
    a, n = grad(x.copy()), _differences(f, x, h)
    error = _errors(f, grad, x, h)
    share = np.linalg.norm(a - n) / np.maximum(1e-8, np.linalg.norm(a) + np.linalg.norm(n))
    return bool(share <= tol), _place(error)


@misconception
def mean_of_the_errors(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """You compared the MEAN of the errors with tol: a single wrong entry hides in it. No entry may be off by more."""
    error = _errors(f, grad, x, h)
    return bool(error.mean() <= tol), _place(error)


@misconception
def forward_differences(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """Your differences are one-sided, whose error is so large that right gradients fail: take both sides of x."""
    a = grad(x.copy())
    error = _relative(a, _differences(f, x, h, behind=0))
    error[~np.isfinite(a)] = np.inf
    return _verdict(error, tol)


@misconception
def no_absolute_value(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """Without the absolute value of the difference, a gradient that is too small passes."""
    a, n = grad(x.copy()), _differences(f, x, h)
    error = (a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n))
    error[~np.isfinite(a)] = np.inf
    return _verdict(error, tol)


@misconception
def nan_passes(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """A nan is not larger than tol, and so it passed: an entry that is not finite has failed."""
    error = _relative(grad(x.copy()), _differences(f, x, h))
    return not (error > tol).any(), _place(np.where(np.isnan(error), -1, error))


@misconception
def largest_difference(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """Your `worst` is the entry with the largest DIFFERENCE, which need not be the one that is furthest off, for its size."""
    error = _errors(f, grad, x, h)
    far = np.abs(grad(x.copy()) - _differences(f, x, h))
    return bool(error.max() <= tol), _place(np.where(np.isfinite(far), far, np.inf))


@misconception
def relative_to_one_of_them(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """You related the errors to one of the two gradients alone: the denominator is the sum of both sizes."""
    a = grad(x.copy())
    error = np.abs(a - _differences(f, x, h)) / np.maximum(1e-8, np.abs(a))
    error[~np.isfinite(a)] = np.inf
    return _verdict(error, tol)


@misconception
def guard_added(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """You added 1e-8 to the sum of both sizes: entries that are as small seem to agree. It is the least denominator there is."""
    a, n = grad(x.copy()), _differences(f, x, h)
    error = np.abs(a - n) / (1e-8 + np.abs(a) + np.abs(n))
    error[~np.isfinite(a)] = np.inf
    return _verdict(error, tol)


@misconception
def nan_as_wrong_as_a_number(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """You gave an entry that is not finite the error 1: an entry of the wrong sign has that too, and may come first. It has to
    be the worst of all."""
    return _verdict(np.minimum(_errors(f, grad, x, h), 1.0), tol)


@misconception
def flat_index(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """Your place is one in the flattened array: an index has a number for each axis of x."""
    error = _errors(f, grad, x, h)
    return bool(error.max() <= tol), int(error.argmax())


@misconception
def error_returned(f: Any, grad: Any, x: Array, h: float, tol: float) -> Verdict:
    """You returned the largest error; asked is the verdict on it, True or False."""
    error = _errors(f, grad, x, h)
    return float(np.minimum(error.max(), 1e300)), _place(error)


@misconception(function="bug_inputs")
def moderate_numbers() -> Array:
    """For moderate positive numbers all three gradients are right: each bug needs an input of its own kind."""
    return np.arange(1.0, 19.0).reshape(3, 2, 3) / 9


derivation = """
A gradient check asks one question for each entry: is the derivative a what f itself shows, when that entry alone is moved?

    n = (f(x + h * e) - f(x - h * e)) / (2 * h)        e is 1 in the place of the entry, and 0 elsewhere

Both sides of x are taken, as then the error of n falls with h**2, and not only with h. How far two numbers are apart depends
on how large they are, so the difference is divided by both sizes:

    error = |a - n| / max(1e-8, |a| + |n|)

It is 0 where they agree, and 1 at most, where the signs differ or one of them is 0. The 1e-8 keeps 0 / 0 away. The gradient is
right if the largest error passes, since one wrong entry is a wrong gradient. A mean, or a norm of the whole, would let it
hide.

A nan is larger than nothing: `nan > tol` is False, and asked like that it passes. So an entry that is not finite gets the
error infinity, and the question is what has to be True, `error[worst] <= tol`. `argmax` counts in the flattened array, and
`np.unravel_index` gives the place back its axes.

Now the bugs. 2 * x is right for the square of relu where x > 0: take a negative x. The clipped sigmoid is right between 0.01
and 0.99: take inputs where it saturates. prod / x is right where no entry is 0: take zeros. Each of them is right at many
points, and a check at such a point says nothing of the others.

The usual mistake is to compare absolute errors with tol: where all slopes are tiny, everything passes, a gradient of zeros
too.

    >>> gradcheck(lambda x: float((x**2).sum()), lambda x: np.array([2.0, 3.0]), np.array([1.0, 3.0]), 1e-5, 0.01)
    (False, (1,))
    >>> f = lambda x: float((np.maximum(x, 0) ** 2).sum())
    >>> [gradcheck(f, buggy_square_of_relu, np.full((1, 2), x), 1e-5, 1e-6)[0] for x in (1.0, -1.0)]
    [True, False]
"""
