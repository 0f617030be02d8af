"""Hidden checks for residual_jacobian(W1, b1, W2, x): the Jacobian of x + W2 @ relu(W1 @ x + b1), shape (n, n)."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks

Array = NDArray[np.float64]
Block = tuple[Array, Array, Array, Array]

hints = [
    "Follow x[0] to y[0]: there are two ways, one through the layers, and one past them. What does each contribute, and what"
    " happens to the two contributions?",
    "The way through the layers is a product of three Jacobians, the outermost on the left. The other way is the map from x"
    " to x: what is its Jacobian?",
]


# The source of a driver, and of the way that a check rules out, travels: each may use its arguments, builtins and np alone.


def of_many_units(function: Any, u: "Array", v: "Array", x: "Array") -> Any:
    """Return the Jacobian of a block of 20000 units that is made here."""
    units = np.arange(1.0, 20_001.0)
    return function(np.sin(np.outer(units, u)), np.cos(3 * units), np.sin(np.outer(v, units)) / 100, x)


def product_with_a_diagonal(W1: "Array", b1: "Array", W2: "Array", x: "Array") -> "Array":
    """Multiply by relu's Jacobian as a matrix, almost all of which is zeros."""
    return np.eye(len(x)) + W2 @ np.diag(np.where(W1 @ x + b1 > 0, 1.0, 0.0)) @ W1


def _block(rng: np.random.Generator, m: int, n: int) -> Block:
    """Draw a block with active and inactive units, of which the bias decides about some; none is near the kink."""
    while True:
        W1, W2 = rng.normal(size=(m, n)), rng.normal(size=(n, m))
        b1, x = rng.normal(size=m), rng.normal(size=n)
        z = W1 @ x + b1
        decides = ((W1 @ x > 0) != (z > 0)).any()
        mixed = 0 < (z > 0).sum() < m and (n == 1 or 0 < (x > 0).sum() < n)
        if decides and mixed and np.abs(z).min() > 0.1 and np.abs(z - 1).min() > 0.1:
            return W1, b1, W2, x


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Block]:
    """gives the Jacobian for the block on paper"""
    yield (
        np.array([[1.0, -1.0], [2.0, 1.0], [0.0, 1.0]]),
        np.array([1.0, -4.0, -2.0]),
        np.array([[2.0, 5.0, 1.0], [3.0, 7.0, -1.0]]),
        np.array([1.0, 1.0]),
    )


@check(points=2)
def any_sizes(rng: np.random.Generator) -> Iterator[Block]:
    """gives the Jacobian of blocks with more hidden units than inputs, and with fewer"""
    for m, n in [(4, 2), (3, 5), (6, 4)]:
        yield _block(rng, m, n)


@check(points=1)
def square_blocks(rng: np.random.Generator) -> Iterator[Block]:
    """gives it where there are as many hidden units as inputs, so that a wrong product has the right shape"""
    yield _block(rng, 3, 3)
    yield _block(rng, 4, 4)
    yield _block(rng, 2, 2)


@check(points=1)
def closed_and_at_the_kink(rng: np.random.Generator) -> Iterator[Block]:
    """still passes the short cut on where no unit is active, and takes relu' as 0 where a pre-activation is exactly 0"""
    # Small integers: every order of summation gives z = [0, 2, -1] and z = [3, 0, 0] exactly.
    W1, x = np.array([[2.0, 1.0], [1.0, 3.0], [-1.0, 2.0]]), np.array([1.0, -1.0])
    yield W1, np.array([0.0, 2.0, -1.0]) - W1 @ x, rng.normal(size=(2, 3)), x
    yield W1, np.array([3.0, 0.0, 0.0]) - W1 @ x, rng.normal(size=(2, 3)), x
    W1, b1, W2, x = _block(rng, 2, 4)
    yield W1, -np.abs(W1 @ x) - rng.uniform(0.5, 1.0, size=2), W2, x
    yield W1, np.abs(W1 @ x) + rng.uniform(1.5, 2.0, size=2), W2, x


@check(points=1)
def weights_of_any_size(rng: np.random.Generator) -> Iterator[Block]:
    """stays accurate for huge weights, beside which the short cut is small, and for tiny ones; for a single input or unit too"""
    W1, b1, W2, x = _block(rng, 3, 2)
    yield 100 * W1, 100 * b1, 100 * W2, x
    yield 1e-2 * W1, 1e-2 * b1, 1e-3 * W2, x
    # A pre-activation that is barely above 0 is above 0: no tolerance is asked.
    yield 2.0**-50 * W1, 2.0**-50 * b1, 2.0**50 * W2, x
    yield _block(rng, 4, 1)
    yield _block(rng, 3, 1)
    W1, W2, x = rng.normal(size=(1, 3)), rng.normal(size=(3, 1)), rng.normal(size=3)
    yield W1, -(W1 @ x) + rng.uniform(1.2, 2.0, size=1), W2, x


@check(points=0.5, readonly=True)
def arguments_are_left_alone(rng: np.random.Generator) -> Iterator[Block]:
    """writes into none of its arguments"""
    yield _block(rng, 2, 3)


@check(points=0.5, driver=of_many_units, long_way=product_with_a_diagonal)
def real_size(rng: np.random.Generator) -> Iterator[tuple[Array, Array, Array]]:
    """takes a block with 20000 hidden units in good time, and in the memory that there is"""
    yield rng.uniform(1, 2, size=2), rng.uniform(1, 2, size=2), rng.normal(size=2)


def _branch(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """Return the Jacobian of the way through the layers."""
    return W2 @ ((W1 @ x + b1 > 0)[:, None] * W1)


@misconception
def short_cut_forgotten(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """x reaches y directly, too: what the two ways contribute is added."""
    return _branch(W1, b1, W2, x)


@misconception
def ones_for_the_identity(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """On the short cut x[j] reaches y[j] and no other output: you added 1 to every entry."""
    return _branch(W1, b1, W2, x) + 1


@misconception
def input_added(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """You added x itself: the derivative of x with respect to x does not depend on where x is."""
    return _branch(W1, b1, W2, x) + x


@misconception
def input_on_the_diagonal(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """You put x itself on the diagonal: the derivative of x with respect to x does not depend on where x is."""
    return _branch(W1, b1, W2, x) + np.diag(x)


@misconception
def short_cut_subtracted(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """The short cut has the wrong sign: the block adds x to what its layers make of it."""
    return _branch(W1, b1, W2, x) - np.eye(len(x))


@misconception
def layers_subtracted(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """The way through the layers has the wrong sign: the block adds what they make of x."""
    return np.eye(len(x)) - _branch(W1, b1, W2, x)


@misconception
def factors_reversed(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """The factors of the way through the layers are reversed: the outermost map stands on the left."""
    gate = W1 @ x + b1 > 0
    return np.eye(len(x)) + W1 @ (gate[:, None] * W2)


@misconception
def gate_before_the_first_layer(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """The gates stand between the two matrices: yours closes columns of W1, which belong to inputs and not to units."""
    gate = W1 @ x + b1 > 0
    return np.eye(len(x)) + W2 @ (W1 * gate)


@misconception
def gate_behind_the_second_layer(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """The gates stand between the two matrices: yours closes rows of W2, which belong to outputs and not to units."""
    gate = W1 @ x + b1 > 0
    return np.eye(len(x)) + gate[:, None] * (W2 @ W1)


@misconception
def gate_around_the_sum(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """You closed outputs of the whole block: relu stands inside, behind W1, and y is not passed through it."""
    y = x + W2 @ np.maximum(W1 @ x + b1, 0)
    return (y > 0)[:, None] * (np.eye(len(x)) + _branch(W1, b1, W2, x))


@misconception
def bias_ignored(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """The pre-activation that decides about a unit includes its bias, which you left out."""
    return np.eye(len(x)) + W2 @ ((W1 @ x > 0)[:, None] * W1)


@misconception
def outputs_of_the_block(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """Those are the outputs of the block: asked are their derivatives, a matrix."""
    return x + W2 @ np.maximum(W1 @ x + b1, 0)


@misconception
def transposed(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """You returned the transpose: row i holds the derivatives of output i."""
    return np.eye(len(x)) + _branch(W1, b1, W2, x).T


def _with_mask(mask: Callable[[Array], Array], W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    return np.eye(len(x)) + W2 @ (mask(W1 @ x + b1)[:, None] * W1)


wrong_masks = masks(_with_mask)


@oracle
def autograd(torch: Any, W1: Any, b1: Any, W2: Any, x: Any) -> Any:
    """PyTorch's Jacobian of the block."""
    return torch.autograd.functional.jacobian(lambda x: x + W2 @ torch.relu(W1 @ x + b1), x)


@derivative_of("x")
def block(W1: Array, b1: Array, W2: Array, x: Array) -> Array:
    """Compute the block's outputs."""
    return x + W2 @ np.maximum(W1 @ x + b1, 0)


derivation = """
Write one output as a function of the inputs:

    y[i] = x[i] + sum over k of W2[i, k] * relu(z[k])        z[k] = b1[k] + sum over j of W1[k, j] * x[j]

x[j] is in this twice: in x[i], if i = j, and in every z[k]. What comes in two ways is added:

    d y[i] / d x[j] = (1 where i = j, else 0) + sum over k of W2[i, k] * relu'(z[k]) * W1[k, j]

The first term is the identity matrix. The second one is a product of three matrices, W2 @ diag(z > 0) @ W1: the outermost map
is on the left, and the gates stand where the relu does, between the two layers. A diagonal matrix on the left scales rows, so
that `gate[:, None] * W1` does the same without it. The gate is of the units, shape (m,), and W1 has a row for each unit. The
bias is in no product, as it is added. But it is in z, and so it decides which gates are open.

Close all the gates, and the second term is 0. The identity stays: through the short cut the gradient comes back whole. Without
the short cut the block would have the Jacobian 0, and no layer below it would learn.

The usual mistake is to close the wrong thing: `W1 * gate` scales the columns of W1, which belong to the inputs. Where m = n
this has the right shape. The second one is `+ 1` for the identity: that adds 1 off the diagonal, too.

    >>> W1, W2 = np.array([[1.0, -1.0], [2.0, 1.0]]), np.array([[2.0, 5.0], [3.0, 7.0]])
    >>> residual_jacobian(W1, np.array([1.0, -4.0]), W2, np.ones(2)).tolist()
    [[3.0, -2.0], [3.0, -2.0]]
    >>> residual_jacobian(W1, np.array([-9.0, -9.0]), W2, np.ones(2)).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
"""
