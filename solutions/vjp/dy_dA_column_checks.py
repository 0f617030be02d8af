"""Hidden checks for dy_dA_column(x, m): T[i, j, k] = d y[i] / d A[j, k] of y = A @ x, shape (m, m, n)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Layer = tuple[Array, int]

hints = [
    "Write y[i] as a sum over the entries of A and x. Which row of A occurs in it, and which is the factor of A[i, k]?",
    "Count the axes: one for the output, two for A, which has m rows and n columns. For which j is T[i, j, k] not 0?",
    "Start from zeros of shape (m, m, n): for each i there is one row to fill, T[i, i].",
]


def _input(rng: np.random.Generator, n: int) -> Array:
    """Draw a vector of both signs whose entries all differ in size, none of them 1."""
    return (rng.permutation(np.arange(2, n + 2)) * rng.uniform(0.8, 0.95)) * np.resize([1.0, -1.0, 1.0], n)


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the tensor for x = [5, 6, 7] and two outputs"""
    yield np.array([5.0, 6.0, 7.0]), 2


@check(points=2)
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the tensor for any number of inputs and outputs"""
    for n, m in [(3, 2), (2, 5), (5, 3)]:
        yield _input(rng, n), m


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """puts each derivative where it belongs where there are as many inputs as outputs"""
    for size in (2, 3, 4):
        yield _input(rng, size), size


@check(points=0.5)
def single_ones(rng: np.random.Generator) -> Iterator[Layer]:
    """keeps all three axes for a single input and a single output"""
    yield _input(rng, 1), 3
    yield _input(rng, 4), 1


@check(points=0.5, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the tensor for tiny, huge and zero inputs, and leaves x alone"""
    yield 1e-12 * _input(rng, 3), 4
    yield 1e12 * _input(rng, 2), 3
    yield np.array([0.0, 2.5, 0.0, -3.0]), 2


@misconception
def tensor_of_the_row_form(x: Array, m: int) -> Array:
    """The two axes of A have changed places: that is the tensor of the row form, whose matrix has the inputs first."""
    return np.einsum("ij,k->ikj", np.eye(m), x)


@misconception
def no_delta(x: Array, m: int) -> Array:
    """Output i reads row i of A alone: the derivative is 0 with respect to any other row."""
    return np.tile(x, (m, m, 1))


@misconception
def delta_with_the_input(x: Array, m: int) -> Array:
    """You tied the output to the column of A, but every column, one for each input, goes into every output: it is the row that
    belongs to an output."""
    return np.repeat(np.eye(m, len(x))[:, None, :] * x, m, axis=1)


@misconception
def compact_form(x: Array, m: int) -> Array:
    """That is the compact form, which has dropped the zeros: the derivative has an axis for the output besides the two of
    A."""
    return np.tile(x, (m, 1))


@misconception
def input_alone(x: Array, m: int) -> Array:
    """x itself is not the derivative, which has an axis for the output and two for A."""
    return x.copy()


@misconception
def flattened_matrix(x: Array, m: int) -> Array:
    """You made one axis of the two of A: keep its rows and columns apart."""
    return np.einsum("ij,k->ijk", np.eye(m), x).reshape(m, -1)


@misconception
def ones_for_the_inputs(x: Array, m: int) -> Array:
    """You kept where the derivatives are and lost their size: what is an entry of A multiplied by?"""
    return np.einsum("ij,k->ijk", np.eye(m), np.ones_like(x))


@misconception
def with_respect_to_x(x: Array, m: int) -> Array:
    """The identity is the derivative of x with respect to itself: asked is that of the outputs with respect to A."""
    return np.eye(len(x))


@oracle
def autograd(torch: Any, x: Any, m: int) -> Any:
    """PyTorch's Jacobian of A @ x with respect to A, which is the same at every A."""
    return torch.autograd.functional.jacobian(lambda A: A @ x, torch.zeros(m, len(x), dtype=x.dtype))


def _zero_matrix(x: Array, m: int) -> Array:
    return np.zeros((m, len(x)))


@derivative_of("A", at=_zero_matrix)
def layer(x: Array, A: Array) -> Array:
    """Compute the layer's outputs."""
    return A @ x


derivation = """
Write one output of y = A @ x as a sum, over the columns of A:

    y[i] = sum over k of A[i, k] * x[k]

Only the weights of row i are in it. The weight A[j, k] is in y[i] where j = i, and there it is multiplied by x[k]:

    T[i, j, k] = d y[i] / d A[j, k] = x[k] where i = j, and 0 elsewhere

"Where i = j" is an entry of the identity matrix of size m. So T[i, j, k] = eye[i, j] * x[k], which `np.einsum` can be told in
those letters: "ij,k->ijk". No index is summed over. The shape is (m, m, n): the output, then the two axes of A as A lies. Of
the m * m * n entries, m * n can be other than 0. So the layer's derivative holds x, m times, and zeros else.

In the row form, y = x @ W, a weight is W[k, j]: the input comes first. There d y[i] / d W[k, j] is x[k] where i = j. These are
the same numbers in another place, with the two last axes exchanged. If all three sizes are the same, no error tells you.

The usual mistake is just that, the tensor of the other form. A check that shows it: contract T with A over its two axes, and
as y is linear in A, y itself has to come out.

    >>> T = dy_dA_column(np.array([5.0, 6.0, 7.0]), 2)
    >>> T.shape, T[1].tolist()
    ((2, 2, 3), [[0.0, 0.0, 0.0], [5.0, 6.0, 7.0]])
    >>> A = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]])
    >>> np.tensordot(T, A, axes=2).tolist(), (A @ np.array([5.0, 6.0, 7.0])).tolist()
    ([38.0, 1.0], [38.0, 1.0])
"""
