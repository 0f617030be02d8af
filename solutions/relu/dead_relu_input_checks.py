"""Hidden checks for dead_relu_input(W, b): any x, shape (n,), with W @ x + b < 0 for every unit, and the Jacobian there.

The two values are asked for apart, so that a mistake in one costs nothing of the other.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception

Array = NDArray[np.float64]
Layer = tuple[Array, Array]
Answer = tuple[Array, Array]

hints = [
    "What has to be below 0 is z = W @ x + b. Choose which z you would like to have; which x leads to it? For J: while every z "
    "stays below 0, what do the outputs do when x moves a little?",
    "Wanted is an x with W @ x = z - b, for a z of your choice with all entries below 0: a system of m linear "
    "equations. Its rows are independent, so it has a solution.",
    "np.linalg.lstsq solves such a system even where W is not square. With z = -1 for every unit, its right side is "
    "-b - 1. A column of J holds by how much the outputs move with one entry of x.",
]


# The source of drivers and judges travels: each may use its arguments, builtins and np alone.


def the_input(construct: "Callable[..., Any]", W: "Array", b: "Array") -> Any:
    """Return the first of the two values; one that comes alone is taken for it."""
    pair = construct(W, b)
    if isinstance(pair, dict):
        pair = pair.get("x"), pair.get("J")
    two = isinstance(pair, tuple | list) and len(pair) == 2 and (np.ndim(pair[0]) == 1 or np.ndim(pair[1]) == 2)
    return pair[0] if two else pair


def the_jacobian(construct: "Callable[..., Any]", W: "Array", b: "Array") -> Any:
    """Return the second of the two values; one that comes alone is taken for it."""
    pair = construct(W, b)
    if isinstance(pair, dict):
        pair = pair.get("x"), pair.get("J")
    two = isinstance(pair, tuple | list) and len(pair) == 2 and (np.ndim(pair[0]) == 1 or np.ndim(pair[1]) == 2)
    return pair[1] if two else pair


def every_unit_is_dead(returned: "Array", W: "Array", b: "Array") -> str | None:
    """Return None if every pre-activation is below 0, else a sentence that names a unit that is not dead."""
    with np.errstate(over="ignore", invalid="ignore"):
        z = W @ returned + b
        rounding = 1e-12 * (np.abs(W) @ np.abs(returned) + np.abs(b))
    not_below = np.flatnonzero(~(z < 0))
    if not_below.size == 0:
        return None
    unit = not_below[0]
    if np.isfinite(z[unit]) and z[unit] <= rounding[unit]:
        return (
            f"Unit {unit} (counted from 0) has a pre-activation of 0, up to rounding: at 0 it is dead as well, but has to be below"
            " 0 here."
        )
    return f"Unit {unit} (counted from 0) is still alive: its pre-activation W @ x + b is not below 0."


def nothing_gets_through(returned: "Array", W: "Array", b: "Array") -> str | None:
    """Return None for the Jacobian of a layer of dead units, else a sentence that asks for what it says."""
    if not returned.any():
        return None
    i, j = np.argwhere(returned)[0]
    return (
        f"J[{i}, {j}] says that output {i} moves when x[{j}] does. Every unit is dead at the input that is asked for: move x"
        " a little there, and look at the outputs."
    )


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


@check(points=0, public=True, judge=every_unit_is_dead, driver=the_input)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """kills both units of the layer W = [[1, 2], [3, -4]], b = [1, 1]"""
    yield np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([1.0, 1.0])


@check(points=0, public=True, judge=nothing_gets_through, driver=the_jacobian)
def jacobian_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the Jacobian of that layer at the input"""
    yield np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([1.0, 1.0])


@check(points=1, judge=every_unit_is_dead, driver=the_input)
def square_layer(rng: np.random.Generator) -> Iterator[Layer]:
    """kills every unit of a layer with as many units as inputs"""
    yield _layer(rng, 3, 3)


@check(points=2, judge=every_unit_is_dead, driver=the_input)
def wide_layers(rng: np.random.Generator) -> Iterator[Layer]:
    """kills every unit of layers with more inputs than units"""
    yield _layer(rng, 2, 5)
    yield _layer(rng, 3, 4)
    # The rows are independent, but the first two columns are not, nor are the last two where the order is turned round.
    W = np.array([[1.0, 1.0, 0.0], [-1.0, -1.0, 1.0]])
    yield W, np.array([1.0, 2.0])
    yield W[:, ::-1], np.array([2.0, 1.0])


@check(points=1, judge=every_unit_is_dead, driver=the_input)
def many_units(rng: np.random.Generator) -> Iterator[Layer]:
    """kills every unit of a larger layer"""
    yield _layer(rng, 6, 11)


@check(points=2, judge=every_unit_is_dead, driver=the_input)
def large_biases(rng: np.random.Generator) -> Iterator[Layer]:
    """kills units with large positive biases"""
    yield _layer(rng, 4, 7, bias=100.0)
    yield _layer(rng, 3, 5, bias=1e5)


@check(points=2, judge=nothing_gets_through, driver=the_jacobian)
def jacobians(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the Jacobian at the input, for layers of any size, a single unit included"""
    for m, n in [(2, 5), (3, 4), (3, 3)]:
        yield _layer(rng, m, n)
    yield rng.normal(size=(1, 4)), rng.uniform(1.0, 2.0, size=1)


def _right_input(W: Array, b: Array) -> Array:
    """An input at which every pre-activation is -2."""
    return np.linalg.pinv(W) @ (-2.0 - b)


@misconception
def zero_input(W: Array, b: Array) -> Answer:
    """x = 0 gives z = b, which is only dead where b < 0; check z = W @ x + b for every unit."""
    return np.zeros(W.shape[1]), np.zeros(W.shape)


@misconception
def minus_one_input(W: Array, b: Array) -> Answer:
    """A negative input is not enough when W has negative weights; z must be negative, not x."""
    return np.full(W.shape[1], -1.0), np.zeros(W.shape)


@misconception
def large_negative_input(W: Array, b: Array) -> Answer:
    """Scaling up a negative input does not help units whose weights are negative."""
    return np.full(W.shape[1], -10.0), np.zeros(W.shape)


@misconception
def first_unit_only(W: Array, b: Array) -> Answer:
    """ALL pre-activations must be negative; you only killed the first unit."""
    return -(b[0] + 1) * W[0] / (W[0] @ W[0]), np.zeros(W.shape)


@misconception
def jacobian_before_the_relu(W: Array, b: Array) -> Answer:
    """J = W is the Jacobian of z alone: each of its rows is still multiplied by the slope of relu at that unit's z."""
    return _right_input(W, b), W


@misconception
def jacobian_of_all_ones(W: Array, b: Array) -> Answer:
    """You gave slopes of 1 to units that are dead; relu is flat on their side, and W comes in as well."""
    return _right_input(W, b), np.ones(W.shape)


@misconception
def jacobian_transposed(W: Array, b: Array) -> Answer:
    """J has a row for each output and a column for each input, whatever is in it: (m, n), not (n, m)."""
    return _right_input(W, b), np.zeros(W.shape[::-1])


@misconception
def output_for_the_jacobian(W: Array, b: Array) -> Answer:
    """One number for each unit is the layer's output; the Jacobian has a number for each unit and each input."""
    return _right_input(W, b), np.zeros(len(W))


equivalent = {
    "change constant: -b - 1.0 -> -b - 2.0": "every unit at -2 is as dead as at -1",
    "round: x -> np.round(x, decimals=6)": "any input near this one kills every unit as well",
    "flip sign: np.zeros_like(W) -> -np.zeros_like(W)": "-0 is 0",
    "clip: np.zeros_like(W) -> np.clip(np.zeros_like(W), -100, 100)": "0 is not clipped",
    "round: np.zeros_like(W) -> np.round(np.zeros_like(W), decimals=6)": "nor rounded",
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

The Jacobian follows without a sum. Every z is below 0, and stays there while x moves a little, as z moves little then. So every
output is 0, and stays 0: each of the m * n derivatives is 0. The rule for a layer says the same: row i of W, times relu'(z[i]),
which is 0. Such a layer passes nothing back: whatever arrives from above, the gradients of W, of b and of x are 0, and a step
of gradient descent changes nothing.

    >>> W, b = np.array([[1.0, 2.0], [3.0, -4.0]]), np.array([1.0, 1.0])
    >>> x, J = dead_relu_input(W, b)
    >>> (W @ x + b).round(6).tolist(), J.tolist()
    ([-1.0, -1.0], [[0.0, 0.0], [0.0, 0.0]])
"""
