"""Hidden checks for reduce_backward(dout, X, axis, op): an upstream gradient through a sum, a mean or a maximum."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Case = tuple[Array, Array, int, str]

hints = [
    "Raise one entry of X by a little. Which entries of Y change, and by how much: for a sum, for a mean of n numbers, for"
    " a maximum? That times the entry of dout that belongs to it is the answer.",
    "Each entry of dout belongs to all the entries of X that were taken together to it. np.expand_dims, or keepdims=True,"
    " puts the lost axis back with size 1, at its own place, and broadcasting does the copying.",
    "A maximum passes its gradient to one entry alone, the largest one: compare X with its maximum along that axis, and"
    " keep the axis while you do so.",
]

FORWARD: dict[str, Callable[..., Any]] = {"sum": np.sum, "mean": np.mean, "max": np.max}
SHAPES = (((3, 4), 0), ((5, 2), 1), ((2, 3, 4), 1), ((4, 2, 3), 0), ((2, 5, 3), 2))
"""Shapes of X, no size twice in any, each with the axis that is reduced."""


def _case(rng: np.random.Generator, shape: tuple[int, ...], axis: int, op: str) -> Case:
    """Draw an upstream gradient off 0 and off 1, and an X whose largest entries are large in no other sense."""
    # All entries apart from each other; each second one below 0, and further from 0 than those above.
    values = np.arange(1.0, 1 + np.prod(shape)) + rng.uniform(-0.3, 0.3, size=int(np.prod(shape)))
    X = rng.permutation(np.where(np.arange(values.size) % 2, values / 4, -values)).reshape(shape)
    reduced = shape[:axis] + shape[axis + 1 :]
    return rng.uniform(1.5, 4.0, size=reduced) * rng.choice([-1.0, 1.0], size=reduced), X, axis, op


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Case]:
    """gives the gradients of the row sums, row means and row maxima of [[1, 5, 3], [4, 2, 0]]"""
    X, dout = np.array([[1.0, 5.0, 3.0], [4.0, 2.0, 0.0]]), np.array([6.0, 9.0])
    for op in ("sum", "mean", "max"):
        yield dout, X, 1, op


@check(points=1)
def sums(rng: np.random.Generator) -> Iterator[Case]:
    """gives the gradient of a sum along any axis"""
    for shape, axis in SHAPES:
        yield _case(rng, shape, axis, "sum")


@check(points=1.5)
def means(rng: np.random.Generator) -> Iterator[Case]:
    """gives the gradient of a mean along any axis"""
    for shape, axis in SHAPES:
        yield _case(rng, shape, axis, "mean")


@check(points=1.5)
def maxima(rng: np.random.Generator) -> Iterator[Case]:
    """gives the gradient of a maximum along any axis, also where all entries are below 0, and where others are close to it"""
    for shape, axis in SHAPES:
        yield _case(rng, shape, axis, "max")
    dout, X, axis, op = _case(rng, (4, 3), 1, "max")
    yield dout, -np.abs(X), axis, op
    # Entries that are close, and not equal.
    for shape, axis in [((3, 4), 1), ((5, 2), 0)]:
        dout, X, axis, op = _case(rng, shape, axis, "max")
        yield dout, 2.0 + 1e-5 * X, axis, op


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Case]:
    """puts the axis back in its own place where all sizes are the same, so that another place has the right shape"""
    for shape, axis in [((3, 3), 1), ((3, 3), 0), ((4, 4, 4), 1)]:
        for op in ("sum", "mean", "max"):
            yield _case(rng, shape, axis, op)


@check(points=0.5)
def one_axis_and_one_entry(rng: np.random.Generator) -> Iterator[Case]:
    """takes an X with a single axis, and one with a single entry along the axis"""
    for op in ("sum", "mean", "max"):
        yield _case(rng, (5,), 0, op)
        yield _case(rng, (3, 1), 1, op)


@check(points=0.5, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Case]:
    """does not write into its arguments, and takes gradients and entries of any magnitude"""
    for op in ("sum", "mean", "max"):
        dout, X, axis, _ = _case(rng, (3, 4), 0, op)
        yield 1e-9 * dout, 1e6 * X, axis, op
        yield 1e9 * dout, 1e-12 * X, axis, op


def _part(X: Array, axis: int, op: str) -> Array:
    """Return the derivative of each entry of Y with respect to those that it is made of, in the shape of X."""
    if op == "max":
        return (X == X.max(axis=axis, keepdims=True)).astype(np.float64)
    return np.full(X.shape, 1 / X.shape[axis] if op == "mean" else 1.0)


@misconception
def axis_put_on_the_left(dout: Array, X: Array, axis: int, op: str) -> Array:
    """dout lacks the axis that was reduced. Broadcasting puts a missing axis on the LEFT: yours may belong elsewhere."""
    return dout * _part(X, axis, op)


@misconception
def axis_put_on_the_right(dout: Array, X: Array, axis: int, op: str) -> Array:
    """You put the lost axis back as the last one, whichever was reduced: it belongs where it was."""
    return dout[..., None] * _part(X, axis, op)


@misconception
def not_spread(dout: Array, X: Array, axis: int, op: str) -> Array:
    """Yours has the shape of dout: return a gradient for every entry of X, in the shape of X."""
    return dout / X.shape[axis] if op == "mean" else dout + 0.0


@misconception
def divided_by_the_size(dout: Array, X: Array, axis: int, op: str) -> Array:
    """You divided the gradient of a mean by the number of all entries of X: how many entries is ONE of the means made of?"""
    return np.expand_dims(dout, axis) * _part(X, axis, op) * (X.shape[axis] / X.size if op == "mean" else 1)


@misconception
def divided_by_the_rows(dout: Array, X: Array, axis: int, op: str) -> Array:
    """You divided the gradient of a mean by len(X), whichever axis is reduced: count the entries along `axis`."""
    return np.expand_dims(dout, axis) * _part(X, axis, op) * (X.shape[axis] / len(X) if op == "mean" else 1)


@misconception
def mean_as_sum(dout: Array, X: Array, axis: int, op: str) -> Array:
    """For a mean you gave the gradient of a sum: raise one entry by 1, and the mean grows by less than 1."""
    return np.expand_dims(dout, axis) * _part(X, axis, "sum" if op == "mean" else op)


@misconception
def sum_as_mean(dout: Array, X: Array, axis: int, op: str) -> Array:
    """For a sum you shared the gradient out among the entries: each of them gets all of it."""
    return np.expand_dims(dout, axis) * _part(X, axis, "mean" if op == "sum" else op)


@misconception
def max_to_all(dout: Array, X: Array, axis: int, op: str) -> Array:
    """You passed the gradient of a maximum to every entry: one that is not the largest can move, and Y stays."""
    return np.expand_dims(dout, axis) * _part(X, axis, "sum" if op == "max" else op)


@misconception
def max_shared(dout: Array, X: Array, axis: int, op: str) -> Array:
    """You shared the gradient of a maximum out among all entries, as for a mean: who decides what the maximum is?"""
    return np.expand_dims(dout, axis) * _part(X, axis, "mean" if op == "max" else op)


@misconception
def max_of_the_whole(dout: Array, X: Array, axis: int, op: str) -> Array:
    """You kept the largest entry of all of X alone: there is a maximum for each entry of dout."""
    part = (X == X.max()).astype(np.float64) if op == "max" else _part(X, axis, op)
    return np.expand_dims(dout, axis) * part


@misconception
def max_and_its_neighbours(dout: Array, X: Array, axis: int, op: str) -> Array:
    """You took entries that are close to the maximum for equal to it: one that is the least bit smaller can move, and Y stays."""
    part = np.isclose(X, X.max(axis=axis, keepdims=True)) if op == "max" else _part(X, axis, op)
    return np.expand_dims(dout, axis) * part


@misconception
def max_times_its_value(dout: Array, X: Array, axis: int, op: str) -> Array:
    """You multiplied by the maximum itself; asked is by how much it grows when the largest entry does."""
    return np.expand_dims(dout, axis) * _part(X, axis, op) * (X if op == "max" else 1)


@misconception
def max_of_the_absolute_values(dout: Array, X: Array, axis: int, op: str) -> Array:
    """The maximum is the largest entry, not the one that is furthest from 0: -7 is below 2."""
    return np.expand_dims(dout, axis) * _part(np.abs(X) if op == "max" else X, axis, op)


@misconception
def upstream_ignored(dout: Array, X: Array, axis: int, op: str) -> Array:
    """That is dY/dX for dout = ones; each entry of it has to be weighted with the entry of dout that it belongs to."""
    return _part(X, axis, op)


@misconception
def forward_pass(dout: Array, X: Array, axis: int, op: str) -> Array:
    """You reduced X once more, which is the forward pass: here its derivatives are asked for, in the shape of X."""
    return dout * FORWARD[op](X, axis=axis)


@oracle
def autograd(torch: Any, dout: Any, X: Any, axis: int, op: str) -> Any:
    """PyTorch's vector-Jacobian product of the reduction."""
    forward = {"sum": torch.sum, "mean": torch.mean, "max": torch.amax}[op]
    return torch.autograd.functional.vjp(lambda X: forward(X, dim=axis), X, torch.as_tensor(dout))[1]


@derivative_of("X", upstream="dout")
def reduced(X: Array, axis: int, op: str) -> Any:
    """The forward pass; the maximum of complex numbers is that of their real parts, as none of these are equal."""
    return FORWARD[op](X, axis=axis)


derivation = """
Take the reduced axis alone: y is made of the entries x[0], ..., x[n-1], and all the other axes are repetitions of this. Each y
has one upstream number, dout. Raise x[i], and see what y does:

    y = sum of x            d y / d x[i] = 1
    y = mean of x           d y / d x[i] = 1 / n
    y = maximum of x        d y / d x[i] = 1 where x[i] is the maximum, else 0

The chain rule multiplies by the upstream gradient. There is no sum, as each entry of X is in one entry of Y only:

    d loss / d x[i] = dout * d y / d x[i]

So every entry gets the dout of the group that it was taken together with. In the sum each gets all of it, in the mean its
share, and in the maximum the winner gets everything: the others can move a little, and y stays.

In code: dout lacks the axis that was reduced. `np.expand_dims(dout, axis)` puts it back as one of size 1, and broadcasting
copies along it. The n of the mean is `X.shape[axis]`, the size of one group. The maximum keeps its axis too, `keepdims=True`,
so that each entry is compared with that of its own group.

The usual mistake is `dout * np.ones_like(X)`. Broadcasting puts a missing axis on the left. That is right for axis 0 alone,
and if X is square, no shape tells you.

    >>> X = np.array([[1.0, 5.0, 3.0], [4.0, 2.0, 0.0]])
    >>> reduce_backward(np.array([6.0, 9.0]), X, 1, "mean").tolist()
    [[2.0, 2.0, 2.0], [3.0, 3.0, 3.0]]
    >>> reduce_backward(np.array([6.0, 9.0]), X, 1, "max").tolist()
    [[0.0, 6.0, 0.0], [9.0, 0.0, 0.0]]
"""
