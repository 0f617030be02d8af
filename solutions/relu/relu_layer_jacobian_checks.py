"""Hidden checks for relu_layer_jacobian(W, b, x): the Jacobian of relu(W @ x + b) with respect to x, shape (m, n)."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks

Array = NDArray[Any]
Layer = tuple[Array, Array, Array]

hints = [
    "The layer is two maps, one after the other: x to z, and z to relu(z). What is the Jacobian of each of them?",
    "The Jacobian of x to z is W, that of relu is a diagonal matrix; the outer one stands on the left. What does a "
    "diagonal matrix do to W when it stands on the left of it?",
    "Compute z = W @ x + b first. Row i of the answer is row i of W where z[i] > 0, and zeros elsewhere.",
]


def _layer(rng: np.random.Generator, m: int, n: int) -> Layer:
    """Draw a layer with active and inactive units in which the bias decides about a unit, and x has both signs.

    No pre-activation is close to the kink; those of active units are not close to 1 either.
    """
    while True:
        W, b, x = rng.normal(size=(m, n)), rng.normal(size=m), rng.normal(size=n)
        z = W @ x + b
        decides = ((W @ x > 0) != (z > 0)).any()
        mixed = 0 < (z > 0).sum() < m and 0 < (x > 0).sum() < n
        if decides and mixed and np.abs(z).min() > 0.1 and np.abs(z - 1).min() > 0.1:
            return W, b, x


@check(points=1, public=True)
def numbers_of_the_lecture(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the Jacobian for the numbers of the lecture"""
    yield np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0.1, -0.5, 0.3]), np.array([0.1, 0.1])


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the Jacobian of a layer of two units, one of which is not active"""
    yield np.array([[3.0, -4.0], [1.0, 2.0]]), np.array([0.5, 0.5]), np.array([1.0, 1.0])


@check(points=3.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the Jacobian of layers with more units than inputs, and with fewer"""
    for m, n in [(3, 2), (2, 5), (6, 4)]:
        yield _layer(rng, m, n)


@check(points=1)
def square_layers(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the Jacobian of layers with as many units as inputs, where a wrong product has the right shape"""
    yield _layer(rng, 3, 3)
    yield _layer(rng, 4, 4)


@check(points=1)
def at_the_kink(rng: np.random.Generator) -> Iterator[Layer]:
    """gives a row of zeros for a unit whose pre-activation is exactly 0"""
    # Small integers: every order of summation gives z = [3, 0, 0, -2] exactly.
    W = np.array([[2.0, -1.0, 3.0], [1.0, 4.0, -2.0], [0.0, 1.0, 2.0], [-3.0, 2.0, 1.0]])
    x = np.array([1.0, -2.0, 3.0])
    yield W, np.array([3.0, 0.0, 0.0, -2.0]) - W @ x, x
    yield W[2:], np.array([0.0, 1.0]) - W[2:] @ x, x


@check(points=1)
def all_active_or_none(rng: np.random.Generator) -> Iterator[Layer]:
    """gives W where all units are active, and zeros where none is; for a single unit and a single input too"""
    W, x = rng.normal(size=(3, 5)), rng.normal(size=5)
    yield W, -(W @ x) + rng.uniform(1.2, 2.0, size=3), x
    yield W, -(W @ x) - rng.uniform(1.2, 2.0, size=3), x
    # An axis of size 1 is an axis.
    for m, n in [(1, 4), (3, 1)]:
        W, x = rng.normal(size=(m, n)), rng.normal(size=n)
        yield W, -(W @ x) + rng.uniform(1.2, 2.0, size=m), x


@check(points=0.5, readonly=True)
def scaled(rng: np.random.Generator) -> Iterator[Layer]:
    """is c times as large for c W and c b where c > 0; works in float32 as well, and does not write into its inputs"""
    W, b, x = _layer(rng, 4, 3)
    yield W, b, x
    yield 7.5 * W, 7.5 * b, x
    yield 1e9 * W, 1e9 * b, x
    yield 1e-15 * W, 1e-15 * b, x
    W, b, x = _layer(rng, 3, 4)
    yield W.astype(np.float32), b.astype(np.float32), x.astype(np.float32)


@misconception
def mask_on_columns(W: Array, b: Array, x: Array) -> Array:
    """You scaled the columns of W, one for each input; diag(mask) @ W scales its rows, one for each unit."""
    return W * (W @ x + b > 0)


@misconception
def bias_ignored(W: Array, b: Array, x: Array) -> Array:
    """The pre-activation that decides about a unit is z = W @ x + b: you left out the bias."""
    return (W @ x > 0)[:, None] * W


@misconception
def mask_from_x(W: Array, b: Array, x: Array) -> Array:
    """relu looks at the pre-activations z = W @ x + b, not at the signs of the input x."""
    return W * (x > 0)


@misconception
def row_2_zeroed(W: Array, b: Array, x: Array) -> Array:
    """You zeroed the row that the lecture calls row 2, row 1 counted from 0: compute z, and look which units are not
    active."""
    jacobian = W.copy()
    jacobian[1] = 0.0
    return jacobian


@misconception
def relu_of_the_weights(W: Array, b: Array, x: Array) -> Array:
    """You took the relu of the weights: relu looks at z = W @ x + b, and a negative weight of an active unit stays."""
    return np.maximum(W, 0)


@misconception
def stopped_at_the_first_dead_unit(W: Array, b: Array, x: Array) -> Array:
    """You stopped at the first unit that is not active: the units behind it still have their rows."""
    return np.logical_and.accumulate(W @ x + b > 0)[:, None] * W


@misconception
def transposed(W: Array, b: Array, x: Array) -> Array:
    """You returned the transpose: the shape is (outputs, inputs), and row i holds the derivatives of output i."""
    return ((W @ x + b > 0)[:, None] * W).T


equivalent = {
    "clip: W @ x + b -> np.clip(W @ x + b, -100, 100)": "only the sign of z decides",
}


def _with_mask(mask: Callable[[Array], Array], W: Array, b: Array, x: Array) -> Array:
    return mask(W @ x + b)[:, None] * W


wrong_masks = masks(_with_mask)


@oracle
def autograd(torch: Any, W: Any, b: Any, x: Any) -> Any:
    """PyTorch's Jacobian of the layer with respect to its input."""
    return torch.autograd.functional.jacobian(lambda inputs: torch.relu(W @ inputs + b), x)


@derivative_of("x")
def layer(W: Array, b: Array, x: Array) -> Array:
    """Compute the layer's outputs."""
    return np.maximum(W @ x + b, 0.0)


derivation = """
The function has two steps, a linear one and relu. Write one output, and use the chain rule:

    f[i] = relu(z[i])    with    z[i] = sum over j of W[i, j] * x[j] + b[i]
    df[i] / dx[j] = relu'(z[i]) * dz[i] / dx[j] = relu'(z[i]) * W[i, j]

The factor relu'(z[i]) does not depend on j. It is the same for the whole row i: 1 leaves the row as it is, 0 makes it a row
of zeros. With matrices this is the product of the two Jacobians, the outer one first: diag(mask) @ W.

The code builds no diagonal matrix. `z[:, None]` has the shape (m, 1), one number for each row, and numpy repeats it along the
columns: so `np.where(z[:, None] > 0, W, 0.0)` keeps whole rows. The mask looks at z, with the bias. Signs of x or of W decide
nothing.

The usual mistake is to lose the axis: `W * (z > 0)`. A mask of shape (m,) is lined up with the columns. It raises an error
where m and n differ. Where they are equal it runs, and scales the inputs in place of the units.

The example of the lecture has all three pre-activations above 0. No row is zeroed there, and the Jacobian is W:

    >>> W, b = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([0.1, -0.5, 0.3])
    >>> x = np.array([0.1, 0.1])
    >>> (W @ x + b).round(6).tolist(), relu_layer_jacobian(W, b, x).tolist() == W.tolist()
    ([0.4, 0.2, 1.4], True)
"""
