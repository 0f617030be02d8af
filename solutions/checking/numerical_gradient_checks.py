"""Hidden checks for numerical_gradient(f, x, h=1e-5): the central differences of f at x, in the shape of x."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception
from grader.course.checks import Misconception

Array = NDArray[np.float64]
Function = Callable[[Array], float]
Problem = tuple[Function, NDArray[Any]] | tuple[Function, NDArray[Any], float]

hints = [
    "np.ndindex(x.shape) goes through the indices of an array of any shape. Which two points does one index need?",
    "Work on a float64 copy of x. For each index: set that entry to its value plus h and call f, set it to its value"
    " minus h and call f, and put the value back before you go on.",
    "The two points lie 2 * h apart. Mind the parentheses: a / 2 * h is not a / (2 * h).",
]


# The functions to differentiate travel as source: they may use their argument, builtins and np alone.


def sum_of_cubes(x: Array) -> float:
    """Each term has one coordinate alone."""
    return np.sum(x**3)


def coupled(x: Array) -> float:
    """Every second derivative is large, mixed ones too."""
    flat = x.ravel()
    return np.exp(np.dot(2 * flat, np.cos(np.arange(flat.size))))


def row_products(x: Array) -> float:
    """For matrices alone: every row is weighted by the next one."""
    return np.sum(np.sin(2 * x[:-1] @ x[1:].T)) + np.sum(x[:, 0] ** 2) + 3 * np.sum(x)


def fast_exponentials(x: Array) -> float:
    """The third derivative is large, and so is the error of the differences."""
    return np.sum(np.exp(6 * x))


def fast_wave(x: Array) -> float:
    """So fast that the error is visible even for the default step."""
    return np.sum(np.sin(400 * x))


def faster_wave(x: Array) -> float:
    """So fast that the error for h = 1e-4 is large."""
    return np.sum(np.sin(2000 * x))


def rectified(x: Array) -> float:
    """A kink wherever a coordinate is 0."""
    return np.sum(np.maximum(x, 0) * (1.0 + np.arange(x.size).reshape(x.shape)))


def slow_exponentials(x: Array) -> float:
    """Each term has one coordinate alone, and no slope is an integer."""
    return np.sum(np.exp(x / 2))


def faint_waves(x: Array) -> float:
    """All values and slopes are tiny."""
    return 1e-12 * np.sum(np.sin(x) + np.cos(2 * x))


def steep_waves(x: Array) -> float:
    """Values and slopes are in the thousands."""
    return 1e4 * np.sum(2 + np.sin(x))


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Problem]:
    """gives 3.01 for x**3 at 1 with h = 0.1, and the same beside the other entries of an array"""
    yield sum_of_cubes, np.array([1.0]), 0.1
    yield sum_of_cubes, np.array([[1.0, 2.0, -1.0], [-2.0, 3.0, 0.5]]), 0.1


@check(points=2.5)
def any_shape(rng: np.random.Generator) -> Iterator[Problem]:
    """gives the differences for x of any shape, calls f with arrays of that shape, and takes slopes of any size"""
    yield coupled, rng.uniform(-0.5, 0.5, size=4), 1e-2
    yield row_products, rng.uniform(0.2, 0.8, size=(3, 2)), 1e-2
    yield faint_waves, rng.uniform(0.2, 0.8, size=(2, 3)), 1e-2
    yield steep_waves, rng.uniform(150.0, 200.0, size=3), 1e-2
    yield row_products, rng.uniform(0.2, 0.8, size=(3, 3)), 1e-4
    yield coupled, rng.uniform(-0.5, 0.5, size=(2, 1, 3)), 1e-4
    yield coupled, rng.uniform(0.2, 0.5, size=1), 1e-2


@check(points=2)
def error_of_the_step(rng: np.random.Generator) -> Iterator[Problem]:
    """has the error of a central difference with step h, which is a quarter of it with step h / 2"""
    x = rng.uniform(-0.5, 0.5, size=5)
    for h in (2e-2, 1e-2, 5e-3, 1e-3):
        yield fast_exponentials, x, h
        yield coupled, x, h
    # Steep enough that slopes to one side differ from it even in float32, however small their own step is.
    yield fast_wave, rng.uniform(-1, 1, size=4) / 400, 1e-3


@check(points=1)
def default_step(rng: np.random.Generator) -> Iterator[Problem]:
    """uses the step 1e-5 where none is given"""
    yield coupled, rng.uniform(-0.5, 0.5, size=3)
    # Near 0, where the slope is far from 0; the error is a few millionths, and would be 100 times that for h = 1e-4.
    yield fast_wave, rng.uniform(-1, 1, size=(2, 3)) / 400
    yield faster_wave, rng.uniform(-1, 1, size=4) / 2000


@check(points=1)
def at_a_kink(rng: np.random.Generator) -> Iterator[Problem]:
    """gives the slope between both sides at a kink, which is neither the left nor the right one"""
    yield rectified, np.array([0.0, rng.uniform(1, 2), 0.0, -rng.uniform(1, 2)]), 1e-3


@check(points=0.5, readonly=True)
def x_is_left_alone(rng: np.random.Generator) -> Iterator[Problem]:
    """does not write into x"""
    yield coupled, rng.uniform(-0.5, 0.5, size=(2, 2)), 1e-3


@check(points=1)
def integers_and_float32(rng: np.random.Generator) -> Iterator[Problem]:
    """loses no step where x holds integers or float32"""
    # Positive, and one coordinate a term: however the steps are taken, the integers are truncated in the same way.
    yield slow_exponentials, np.array([1, 2, 3, 5])
    yield slow_exponentials, np.array([[4, 1, 3], [2, 6, 5]]), 1e-2
    yield slow_exponentials, rng.uniform(1, 3, size=4).astype(np.float32)


def _each(x: Array, slope: Callable[[Array, Array], float], h: float) -> Array:
    """Collect slope(x, step) for a step of h along each coordinate."""
    point = np.array(x, dtype=np.float64)
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape):
        step = np.zeros_like(point)
        step[index] = h
        gradient[index] = slope(point, step)
    return gradient


def _central(f: Function, x: Array, h: float) -> Array:
    return _each(x, lambda at, step: (f(at + step) - f(at - step)) / (2 * h), h)


def _in_float64(f: Function, x: Array, h: float = 1e-5) -> bool:
    """Whether no step is lost: integers and float32 would hide which formula was used."""
    return x.dtype == np.float64


def _in_the_type_of_x(f: Function, x: Array, h: float) -> Array:
    """Return the central differences taken on a copy that cannot hold x + h."""
    point = x.copy()
    gradient = np.empty(x.shape)
    for index in np.ndindex(x.shape):
        point[index] = x[index] + h
        above = f(point)
        point[index] = x[index] - h
        gradient[index] = (above - f(point)) / (2 * h)
        point[index] = x[index]
    return gradient


@misconception(where=_in_float64)
def forward_difference(f: Function, x: Array, h: float = 1e-5) -> Array:
    """That is the slope from x to x + h, whose error is of order h; use the points on both sides of x."""
    return _each(x, lambda at, step: (f(at + step) - f(at)) / h, h)


@misconception(where=_in_float64)
def backward_difference(f: Function, x: Array, h: float = 1e-5) -> Array:
    """That is the slope from x - h to x, whose error is of order h; use the points on both sides of x."""
    return _each(x, lambda at, step: (f(at) - f(at - step)) / h, h)


@misconception(where=_in_float64)
def divided_by_h(f: Function, x: Array, h: float = 1e-5) -> Array:
    """Your slopes are twice too large: how far apart are the two points?"""
    return 2 * _central(f, x, h)


@misconception(where=_in_float64)
def multiplied_by_h(f: Function, x: Array, h: float = 1e-5) -> Array:
    """(a - b) / 2 * h multiplies by h: put the denominator in parentheses."""
    return _central(f, x, h) * h**2


@misconception(where=_in_float64)
def half_a_step_to_either_side(f: Function, x: Array, h: float = 1e-5) -> Array:
    """You move by h / 2 to either side: here h is the step to one side, and the points are 2 * h apart."""
    return _central(f, x, h / 2)


@misconception(where=_in_float64)
def not_divided(f: Function, x: Array, h: float = 1e-5) -> Array:
    """You returned the differences of the values; a slope is a difference divided by the distance of the points."""
    return _central(f, x, h) * (2 * h)


@misconception(where=_in_float64)
def all_coordinates_at_once(f: Function, x: Array, h: float = 1e-5) -> float:
    """x + h moves all coordinates together, which gives the sum of the gradient's entries: move one at a time."""
    return (f(x + h) - f(x - h)) / (2 * h)


@misconception(where=_in_float64)
def all_coordinates_in_each_entry(f: Function, x: Array, h: float = 1e-5) -> Array:
    """All entries of your gradient are alike, because x + h moves all coordinates together: move one at a time."""
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@misconception(where=_in_float64)
def not_put_back(f: Function, x: Array, h: float = 1e-5) -> Array:
    """Put a coordinate back before you move the next one: your later slopes are taken beside x, not at x."""
    point = np.array(x, dtype=np.float64)
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape):
        point[index] += h
        above = f(point)
        point[index] -= 2 * h
        gradient[index] = (above - f(point)) / (2 * h)
    return gradient


@misconception(where=_in_float64)
def step_ignored(f: Function, x: Array, h: float = 1e-5) -> Array:
    """Use the step h that is given, not one of your own: the error depends on it."""
    return _central(f, x, 1e-5)


def _forward_with(step: float) -> Misconception:
    def forward_with_own_step(f: Function, x: Array, h: float = 1e-5) -> Array:
        """That is the slope from x to x + h, and with a step of your own: use the points on both sides of x, and the step h that is
        given."""
        return _each(x, lambda at, ahead: (f(at + ahead) - f(at)) / step, step)

    forward_with_own_step.__name__ += f"_{step:.0e}".replace("-", "")
    return misconception(where=_in_float64)(forward_with_own_step)


own_steps = tuple(map(_forward_with, (1e-4, 1e-5, 1e-6)))


def _default_of(step: float) -> Misconception:
    def other_default(f: Function, x: Array, h: float = step) -> Array:
        """Where no h is given, the step is 1e-5: yours is another one there."""
        return _central(f, x, h)

    other_default.__name__ += f"_{step:.0e}".replace("-", "")
    return misconception(where=_in_float64)(other_default)


other_defaults = tuple(map(_default_of, (1e-3, 1e-4)))


@misconception
def integers_truncated(f: Function, x: Array, h: float = 1e-5) -> Array:
    """A copy of an array of integers cannot hold x + h, which is cut off to an integer: make x float64 first."""
    return _central(f, x, h) if x.dtype.kind == "f" else _in_the_type_of_x(f, x, h)


@misconception
def gradient_truncated(f: Function, x: Array, h: float = 1e-5) -> Array:
    """np.zeros_like(x) is an array of integers where x is one, and cuts off your slopes: make the gradient float64."""
    return _central(f, x, h).astype(np.float64 if x.dtype.kind == "f" else x.dtype)


@misconception
def steps_and_gradient_truncated(f: Function, x: Array, h: float = 1e-5) -> Array:
    """Where x holds integers, so do x.copy() and np.zeros_like(x): both the steps and the slopes are cut off."""
    return _central(f, x, h) if x.dtype.kind == "f" else _in_the_type_of_x(f, x, h).astype(x.dtype)


@misconception
def step_rounded_to_float32(f: Function, x: Array, h: float = 1e-5) -> Array:
    """Where x is float32, so is your x + h, in which most of the step is lost to rounding: make x float64 first."""
    return _in_the_type_of_x(f, x, h) if x.dtype == np.float32 else _central(f, x, h)


derivation = """
The derivative is the limit of a slope between two points. Without a limit, h stays a number, and there is an error. Taylor's
formula tells how large:

    f(x + h) = f(x) + h * f'(x) + h**2 / 2 * f''(x) + h**3 / 6 * f'''(x) + ...
    f(x - h) = f(x) - h * f'(x) + h**2 / 2 * f''(x) - h**3 / 6 * f'''(x) + ...

Subtract, and the terms with even powers cancel. The two points are 2 * h apart:

    (f(x + h) - f(x - h)) / (2 * h) = f'(x) + h**2 / 6 * f'''(x) + ...

So half the step gives a quarter of the error. With one side only, (f(x + h) - f(x)) / h, the term with f'' stays, and half the
step gives only half of the error.

For an array this is a partial derivative for each entry: move one entry, and hold all others. `np.ndindex` goes through the
entries of an array of any shape. The entry is put back before the next one is moved. The point is a copy in float64: so the
caller's x stays as it was, and x + h is not cut off to an integer or rounded to float32. (A smaller h is not always better.
f is computed with some 16 digits, and the difference of two nearly equal values loses most of them.)

The usual mistake is `f(x + h)` with the whole array. That moves all entries together, and gives the sum of all partial
derivatives. The second one is to forget that a denominator of two factors needs parentheses.

    >>> x = np.array([1, 2])
    >>> numerical_gradient(lambda x: float(x[0] ** 3 + 10 * x[1]), x, h=0.1).round(6).tolist(), x.tolist()
    ([3.01, 10.0], [1, 2])
"""
