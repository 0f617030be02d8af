"""Hidden checks for linear_layer_jacobian(W, b, x): d(W @ x + b)/dx, shape (m, n)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Layer = tuple[Array, Array, Array]

hints = [
    "Write out one output: y_i is the sum over j of W_ij * x_j, plus b_i. What is left of it, differentiated with "
    "respect to x_j?",
    "The derivative of y_i with respect to x_j belongs in row i and column j. Which letters of y_i are left in it, "
    "which are not?",
]


def _layer(rng: np.random.Generator, m: int, n: int) -> Layer:
    """Draw a layer with a bias off 0 and an input off 0 and 1."""
    signs = rng.choice([-1.0, 1.0], size=n)
    return rng.normal(size=(m, n)), rng.uniform(0.5, 2.0, size=m), rng.uniform(1.5, 3.0, size=n) * signs


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the Jacobian for the layer on paper"""
    yield np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([1.0, 0.0, -1.0]), np.array([2.0, -3.0])


@check(points=1.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the Jacobian for any number of inputs and outputs, with as many of one as of the other too"""
    for m, n in [(4, 3), (2, 5), (3, 3), (1, 4), (5, 1)]:
        yield _layer(rng, m, n)


@check(points=1)
def any_input_and_bias(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the same Jacobian for every x and b, and takes weights of any size"""
    W, b, x = _layer(rng, 3, 4)
    yield W, b, x
    yield W, 7 * b, -100 * x
    yield W, np.zeros(3), x
    yield W, b, np.zeros(4)
    yield 1e9 * W, b, x
    yield 1e-15 * W, b, x


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Layer]:
    """does not write into W, b or x"""
    yield _layer(rng, 4, 2)


@misconception
def transposed(W: Array, b: Array, x: Array) -> Array:
    """Rows are outputs and columns are inputs; yours are swapped, as in the matrix that pulls a gradient back."""
    return W.T


@misconception
def layer_output(W: Array, b: Array, x: Array) -> Array:
    """You returned the output of the layer; asked is the matrix of its derivatives."""
    return W @ x + b


@misconception
def bias_included(W: Array, b: Array, x: Array) -> Array:
    """The bias is constant in x, so it vanishes from the Jacobian."""
    return W + b[:, None]


@misconception
def columns_scaled_by_x(W: Array, b: Array, x: Array) -> Array:
    """W_ij * x_j is a term of y_i; its derivative with respect to x_j has no x_j any more."""
    return W * x


@misconception
def derivative_by_weights(W: Array, b: Array, x: Array) -> Array:
    """Rows of x are what is left of dy/dW; the question asks for dy/dx."""
    return np.tile(x, (len(b), 1))


@oracle
def autograd(torch: Any, W: Any, b: Any, x: Any) -> Any:
    """PyTorch's Jacobian of the layer with respect to its input."""
    return torch.autograd.functional.jacobian(lambda inputs: W @ inputs + b, x)


@derivative_of("x")
def layer(W: Array, b: Array, x: Array) -> Array:
    """The layer's output."""
    return W @ x + b


derivation = """
Write one output as the sum that it is:

    y[i] = W[i, 0] * x[0] + W[i, 1] * x[1] + ... + b[i]

Differentiate with respect to x[j]. All terms but one do not contain x[j], and that of b[i] contains no x at all. What is
left is W[i, j] * x[j], a line through 0 with the slope W[i, j]:

    dy[i] / dx[j] = W[i, j]

The Jacobian has dy[i] / dx[j] in row i and column j. Those are the rows and columns of W as they stand, so the answer is W.

Nothing depends on x or b: a linear layer has the same slopes everywhere. The bias moves the outputs, but it does not change
how they react. The code takes x and b only because a Jacobian is asked for at a point.

The usual mistake is W.T. It is met in backpropagation, where a gradient of the outputs is pulled back: W.T @ g. But that is
the product of g with the Jacobian's transpose, not the Jacobian. Check with a W that is not square: three outputs and two
inputs need three rows.

    >>> W, b, x = np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.ones(3), np.array([7.0, 8.0])
    >>> change = (W @ (x + [0.0, 0.5]) + b) - (W @ x + b)
    >>> bool(np.allclose(change / 0.5, linear_layer_jacobian(W, b, x)[:, 1]))
    True
"""
