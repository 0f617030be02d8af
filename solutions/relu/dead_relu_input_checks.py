"""Hidden checks for dead_relu_input(W, b): any x, shape (n,), with W @ x + b < 0 for every unit."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception

Array = NDArray[np.float64]
Layer = tuple[Array, Array]

hints = [
    "What has to be below 0 is z = W @ x + b. Choose which z you would like to have; which x leads to it?",
    "Wanted is an x with W @ x = z - b, for a z of your choice with all entries below 0: a system of m linear "
    "equations. Its rows are independent, so it has a solution.",
    "np.linalg.lstsq solves such a system even where W is not square. With z = -1 for every unit, its right side is "
    "-b - 1.",
]


def every_unit_is_dead(returned: "Array", W: "Array", b: "Array") -> str | None:
    """Return None if every pre-activation is below 0, else a sentence that names a unit that is not dead."""
    # The source of this function is shipped with the public check: it may use its arguments, builtins and np alone.
    with np.errstate(over="ignore", invalid="ignore"):
        alive = np.flatnonzero(~(W @ returned + b < 0))
    if alive.size == 0:
        return None
    return f"Unit {alive[0]} (counted from 0) is still alive: its pre-activation W @ x + b is not below 0."


def _layer(rng: np.random.Generator, m: int, n: int, bias: float = 2.0) -> Layer:
    """Draw a layer that no short cut kills: neither a constant input, nor killing one unit and hoping for the others.

    Unit 0 has a positive row sum and unit 1 a negative one, both with a positive bias, so x = -c * ones kills unit 0
    only for a positive c and unit 1 only for a negative one.
    """
    while True:
        W = rng.normal(size=(m, n))
        W[0] *= np.sign(W[0].sum())
        W[1] *= -np.sign(W[1].sum())
        mixed_signs = ((W > 0).any(axis=1) & (W < 0).any(axis=1)).all()
        row_sums = np.abs(W[:2].sum(axis=1))
        if mixed_signs and row_sums.min() > 0.5 and np.linalg.cond(W) < 10:
            break
    b = bias * rng.uniform(0.5, 1.0, size=m) * np.where(np.arange(m) % 3 == 2, -1, 1)
    # The shortest step that takes unit 0 to -1 leaves unit 1 at 1 or above.
    b[1] += 1 + (b[0] + 1) * abs(W[0] @ W[1]) / (W[0] @ W[0])
    return W, b


@check(points=0, public=True, judge=every_unit_is_dead)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """kills both units of the layer W = [[1, 2], [3, -4]], b = [1, 1]"""
    yield np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([1.0, 1.0])


@check(points=2, judge=every_unit_is_dead)
def square_layer(rng: np.random.Generator) -> Iterator[Layer]:
    """kills every unit of a layer with as many units as inputs"""
    yield _layer(rng, 3, 3)


@check(points=2, judge=every_unit_is_dead)
def wide_layers(rng: np.random.Generator) -> Iterator[Layer]:
    """kills every unit of layers with more inputs than units"""
    yield _layer(rng, 2, 5)
    yield _layer(rng, 3, 4)


@check(points=2, judge=every_unit_is_dead)
def many_units(rng: np.random.Generator) -> Iterator[Layer]:
    """kills every unit of a larger layer"""
    yield _layer(rng, 6, 11)


@check(points=2, judge=every_unit_is_dead)
def large_biases(rng: np.random.Generator) -> Iterator[Layer]:
    """kills units with large positive biases"""
    yield _layer(rng, 4, 7, bias=100.0)
    yield _layer(rng, 3, 5, bias=1e5)


@misconception
def zero_input(W: Array, b: Array) -> Array:
    """x = 0 gives z = b, which is only dead where b < 0; check z = W @ x + b for every unit."""
    return np.zeros(W.shape[1])


@misconception
def minus_one_input(W: Array, b: Array) -> Array:
    """A negative input is not enough when W has negative weights; z must be negative, not x."""
    return np.full(W.shape[1], -1.0)


@misconception
def large_negative_input(W: Array, b: Array) -> Array:
    """Scaling up a negative input does not help units whose weights are negative."""
    return np.full(W.shape[1], -10.0)


@misconception
def first_unit_only(W: Array, b: Array) -> Array:
    """ALL pre-activations must be negative; you only killed the first unit."""
    return -(b[0] + 1) * W[0] / (W[0] @ W[0])


equivalent = {
    "change constant: -b - 1.0 -> -b - 2.0": "every unit at -2 is as dead as at -1",
    "round: np.linalg.lstsq(W, -b - 1.0)[0].astype(np.float64) -> "
    "np.round(np.linalg.lstsq(W, -b - 1.0)[0].astype(np.float64), decimals=6)": (
        "any input near this one kills every unit as well"
    ),
}


derivation = """
What has to be below 0 is z, not x. So choose z first, then look for an x that gives it. Take z = -1 for every unit:

    W x + b = -1     so     W x = -b - 1

These are m equations for n unknown numbers. The rows of W are linearly independent, so they can be solved, whatever stands on
the right. Where m < n there are many solutions, and any one will do.

`np.linalg.solve` needs a square W. `np.linalg.lstsq` takes any shape. It looks for the x with the smallest error, and as the
equations have a solution, this error is 0; of all solutions it gives the shortest. It returns four things, of which the first
is x.

Why -1, and not 0 or -1e-12? The task wants z strictly below 0. A computed x is rounded, so W @ x + b misses its goal by a
little. A goal of -1 leaves room for that.

The usual mistake is a very negative x. That works only where all weights are positive: a negative weight turns a negative
input into a positive part of z. The sign of x says nothing before W has been multiplied by it.

    >>> W, b = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([1.0, 1.0])
    >>> (W @ dead_relu_input(W, b) + b).round(6).tolist()
    [-1.0, -1.0]
"""
