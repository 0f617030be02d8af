"""Hidden checks for dY_dX_tensor(X, A): T[i, j, k, l] = d Y[i, j] / d X[k, l] of Y = X @ A, shape (N, m, N, n)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import THE_ONE, figure, stack, table


Array = NDArray[np.float64]
Layer = tuple[Array, Array]

hints = [
    "Write Y[i, j] as a sum over the entries of X and A. Which row of X occurs in it, and which column of A?",
    "In that sum the entry X[i, l] has one factor: which entry of A? And what is the derivative with respect to an entry of"
    " another row of X?",
    "Start from zeros of shape (N, m, N, n), and fill for each sample i the slice [i, :, i, :], of shape (m, n).",
]


def _matrix(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Draw a matrix of both signs whose entries all differ in size."""
    sizes = rng.permutation(np.arange(1, rows * columns + 1)) * rng.uniform(0.7, 1.0)
    return (sizes * np.resize([1, -1, -1], rows * columns)).reshape(rows, columns)


def _layer(rng: np.random.Generator, N: int, n: int, m: int) -> Layer:
    return _matrix(rng, N, n), _matrix(rng, n, m)


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the tensor for the batch and the layer on paper"""
    yield np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0, 7.0], [8.0, 9.0, 10.0]])


@check(points=3.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the tensor for any number of rows, inputs and outputs"""
    for N, n, m in [(3, 2, 4), (2, 5, 3), (4, 3, 2)]:
        yield _layer(rng, N, n, m)


@check(points=2)
def equal_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """puts each derivative where it belongs where rows, inputs and outputs are equally many"""
    yield _layer(rng, 3, 3, 3)
    yield _layer(rng, 2, 4, 4)
    yield _layer(rng, 4, 4, 2)
    yield _layer(rng, 2, 2, 2)


@check(points=1)
def single_ones(rng: np.random.Generator) -> Iterator[Layer]:
    """keeps all four axes for a batch of one, a single input and a single output"""
    yield _layer(rng, 1, 3, 2)
    yield _layer(rng, 3, 1, 2)
    yield _layer(rng, 2, 3, 1)


@check(points=1)
def any_magnitude(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the tensor for tiny weights, for huge ones, and for inputs that are 0"""
    X, A = _layer(rng, 3, 2, 4)
    yield X, 1e-15 * A
    yield X, 1e15 * A
    yield 0 * X, A


@check(points=0.5, readonly=True)
def arguments_are_left_alone(rng: np.random.Generator) -> Iterator[Layer]:
    """writes into neither X nor A"""
    yield _layer(rng, 2, 4, 3)


@misconception
def no_delta(X: Array, A: Array) -> Array:
    """Row i of Y reads row i of X alone: the derivative is 0 with respect to the entries of any other row."""
    N, (n, m) = len(X), A.shape
    return np.broadcast_to(A.T[None, :, None, :], (N, m, N, n)).copy()


@misconception
def delta_on_the_columns(X: Array, A: Array) -> Array:
    """You tied the columns of Y and X together, but every input of a row goes into every output: what is tied are the
    samples."""
    N, (n, m) = len(X), A.shape
    return np.broadcast_to((A.T * np.eye(m, n))[None, :, None, :], (N, m, N, n)).copy()


@misconception
def inputs_before_outputs(X: Array, A: Array) -> Array:
    """The axes of the output come first, then those of X: in your tensor, outputs and inputs have changed places."""
    # The same as A[j, l] for A[l, j], since the samples' delta is symmetric.
    return np.einsum("ik,lj->klij", np.eye(len(X)), A)


@misconception
def one_sample_only(X: Array, A: Array) -> Array:
    """That is the Jacobian of one row, (outputs, inputs): a batch of N rows has the axes of the samples besides, twice."""
    return A.T.copy()


@misconception
def weights_themselves(X: Array, A: Array) -> Array:
    """A itself is not the derivative: that of a matrix with respect to a matrix is a tensor with four axes."""
    return A.copy()


@misconception
def one_jacobian_a_sample(X: Array, A: Array) -> Array:
    """One Jacobian for each sample lacks an axis: which row of X is the derivative with respect to?"""
    return np.broadcast_to(A.T, (len(X), *A.T.shape)).copy()


@misconception
def with_respect_to_the_weights(X: Array, A: Array) -> Array:
    """That is the derivative with respect to A, whose entries are inputs: asked is the one with respect to X."""
    return np.einsum("ik,jl->ijkl", X, np.eye(A.shape[1]))


@misconception
def multiplied_by_the_inputs(X: Array, A: Array) -> Array:
    """The inputs are still in your derivative: Y is linear in X, so that raising an entry by 1 does the same at every X."""
    return np.einsum("ik,kl,lj->ijkl", np.eye(len(X)), X, A)


@misconception
def one_diagonal_of_ones(X: Array, A: Array) -> Array:
    """You kept where each derivative belongs and lost its size: by how much is an input multiplied on the way to Y?"""
    return np.einsum("ik,lj->ijkl", np.eye(len(X)), np.ones_like(A))


equivalent = {
    "ones for an argument: X = np.ones_like(X)": "only the number of the rows of X counts",
}


@oracle
def autograd(torch: Any, X: Any, A: Any) -> Any:
    """PyTorch's Jacobian of the product with respect to X."""
    return torch.autograd.functional.jacobian(lambda X: X @ A, X)


@derivative_of("X")
def layer(X: Array, A: Array) -> Array:
    """Compute the layer's outputs."""
    return X @ A


picture = figure(
    "T is an array of N rows and m columns of matrices in the shape of X; T[1, 0, 1, 1] is an entry of T[1, 0].",
    *(
        stack(
            *(
                table(
                    f"T[{i}, {j}]  d Y[{i}, {j}] / d X",
                    [["8" if (i, j, k, l) == (1, 0, 1, 1) else "" for l in range(2)] for k in range(2)],
                    rows=["k = 0", "k = 1"],
                    columns=["l = 0", "l = 1"],
                    grounds={(1, 1): THE_ONE} if (i, j) == (1, 0) else {},
                )
                for i in range(2)
            )
        )
        for j in range(3)
    ),
    note="The example on paper. Every entry of Y has a matrix of its own in T, in the shape of X.",
)


derivation = """
Write one entry of Y, with a letter s of its own for the sum:

    Y[i, j] = sum over s of X[i, s] * A[s, j]

Only row i of X occurs: sample i goes through the layer alone. Differentiate with respect to X[k, l]. If k is not i, that is
another sample, and the derivative is 0. If k = i, the one term with s = l contains it, with the factor A[l, j]:

    T[i, j, k, l] = A[l, j] where k = i, and 0 elsewhere  =  eye[i, k] * A[l, j]

The identity matrix of size N holds the condition k = i. In letters: `np.einsum("ik,lj->ijkl", np.eye(len(X)), A)`. The
inputs are not in it, but for their number: a linear layer has the same slopes everywhere.

All of the tensor is the matrix A, written N times, and zeros. Contract it with an upstream gradient G of shape (N, m):

    sum over i, j of G[i, j] * eye[i, k] * A[l, j]  =  sum over j of G[k, j] * A[l, j]  =  (G @ A.T)[k, l]

So the backward pass never builds it. It has N * m * N * n entries, and one product of matrices does the same.

The usual mistake is to forget that there are two axes for the samples, and to return A or A.T once for each sample. The
zeros between different samples are entries, too. And mind the order of the letters: the input l is the row of A.

    >>> T = dY_dX_tensor(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0, 7.0], [8.0, 9.0, 10.0]]))
    >>> T.shape, T[1, 0].tolist()
    ((2, 3, 2, 2), [[0.0, 0.0], [5.0, 8.0]])
"""
