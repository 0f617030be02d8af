"""Hidden checks for dY_dA_tensor(X, m): T[i, j, k, l] = d Y[i, j] / d A[k, l] of Y = X @ A, shape (N, m, n, m)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import THE_ONE, figure, stack, table

Array = NDArray[np.floating[Any]]
Layer = tuple[Array, int]

hints = [
    "Write Y[i, j] as a sum over the entries of X and A. Which entries of A occur in it?",
    "In Y[i, j] = sum over k of X[i, k] * A[k, j], A and Y share a column index: what if l is j, and what if not?",
    "Start from zeros of shape (N, m, n, m) and fill, for each j, the slice [:, j, :, j], of shape (N, n).",
]


def _batch(rng: np.random.Generator, rows: int, n: int) -> Array:
    """Draw a batch of both signs whose entries all differ in size."""
    sizes = rng.permutation(np.arange(1, rows * n + 1)) * rng.uniform(0.7, 1.0)
    return (sizes * np.resize([1, -1, -1], rows * n)).reshape(rows, n)


@check(points=1, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the tensor for X = [[1, 2], [3, 4], [5, 6]] and two outputs"""
    yield np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), 2


@check(points=4)
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the tensor for any number of rows, inputs and outputs"""
    for rows, n, m in [(3, 2, 4), (2, 5, 3), (4, 3, 2)]:
        yield _batch(rng, rows, n), m


@check(points=2)
def equal_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """puts each derivative where it belongs when there are as many rows as inputs, and as outputs"""
    yield _batch(rng, 3, 3), 3
    yield _batch(rng, 3, 3), 2
    yield _batch(rng, 2, 4), 4


@check(points=1)
def batch_of_one_or_single_output(rng: np.random.Generator) -> Iterator[Layer]:
    """keeps all four axes for a batch of one, a single input and a single output"""
    yield _batch(rng, 1, 3), 2
    yield _batch(rng, 3, 2), 1
    yield _batch(rng, 3, 1), 2


@check(points=1)
def inputs_of_any_magnitude(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the tensor for tiny inputs, for huge ones, for rows in another order, and where an input is 0"""
    X = _batch(rng, 3, 2)
    yield 1e-15 * X, 2
    yield 1e15 * X, 2
    yield X[[2, 0, 1]], 2
    yield np.vstack([X, [0.0, 1.5]]), 3


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Layer]:
    """does not write into X"""
    yield _batch(rng, 2, 4), 3


@check(points=0.5)
def single_precision(rng: np.random.Generator) -> Iterator[Layer]:
    """takes a float32 array"""
    yield _batch(rng, 2, 3).astype(np.float32), 4


@misconception
def input_index_is_the_column(X: Array, m: int) -> Array:
    """For l = j the derivative of Y[i, j] with respect to A[k, l] is X[i, k]: the free input index is k, the row of A,
    and not l."""
    # An index error where A has more columns than rows.
    entries = X[:, np.arange(m)]
    return np.repeat(np.einsum("il,jl->ijl", entries, np.eye(m))[:, :, None, :], X.shape[1], axis=2)


@misconception
def no_delta(X: Array, m: int) -> Array:
    """Column j of Y depends on column j of A alone: the derivative is 0 unless j = l."""
    return np.tile(X[:, None, :, None], (1, m, 1, m))


@misconception
def inputs_before_outputs(X: Array, m: int) -> Array:
    """The axes of the output come first: T[i, j, k, l] = d Y[i, j] / d A[k, l], shape (N, m, n, m)."""
    return np.einsum("ik,jl->klij", X, np.eye(m))


@misconception
def delta_on_the_rows(X: Array, m: int) -> Array:
    """The delta ties the two column indices, j and l, and not i and k; every row of A takes part, with X[i, k]."""
    rows, n = X.shape
    return np.tile((X * np.eye(rows, n))[:, None, :, None], (1, m, 1, m))


@misconception
def matrix_only(X: Array, m: int) -> Array:
    """X itself is not the derivative: that of a matrix by a matrix is a tensor with four axes, here (N, m, n, m)."""
    return X.copy()


@oracle
def autograd(torch: Any, X: Any, m: int) -> Any:
    """PyTorch's Jacobian of X @ A with respect to A, which is the same at every A."""
    return torch.autograd.functional.jacobian(lambda A: X @ A, torch.zeros(X.shape[1], m, dtype=X.dtype))


def _zero_weights(X: Array, m: int) -> Array:
    return np.zeros((X.shape[1], m))


@derivative_of("A", at=_zero_weights)
def layer(X: Array, A: Array) -> Array:
    """The layer's outputs, whose derivatives are the same at every A."""
    return X @ A


picture = figure(
    "T is an array of N rows and m columns of matrices in the shape of A; T[2, 0, 1, 0] is an entry of T[2, 0].",
    *(
        stack(
            *(
                table(
                    f"T[{i}, {j}]  d Y[{i}, {j}] / d A",
                    [["6" if (i, j, k, l) == (2, 0, 1, 0) else "" for l in range(2)] for k in range(2)],
                    rows=["k = 0", "k = 1"],
                    columns=["l = 0", "l = 1"],
                    grounds={(1, 0): THE_ONE} if (i, j) == (2, 0) else {},
                )
                for i in range(3)
            )
        )
        for j in range(2)
    ),
    note="Every entry of Y has a matrix of its own in T, in the shape of A.",
)


derivation = """
Write one entry of Y. To have the letters k and l free for A, sum over another one, s:

    Y[i, j] = sum over s of X[i, s] * A[s, j]

Only column j of A occurs. Differentiate with respect to A[k, l]. If l is not j, that weight is not in the sum, and the
derivative is 0. If l = j, the one term with s = k contains it, with the factor X[i, k]:

    T[i, j, k, l] = X[i, k] where l = j, and 0 elsewhere  =  X[i, k] * eye[j, l]

The identity matrix of size m holds the condition l = j. `np.einsum("ik,jl->ijkl", X, np.eye(m))` is this line letter by
letter. All four letters stand on the right, so nothing is added up.

Each T[i, j] is a matrix in the shape of A: all 0, but for column j, where the inputs of sample i stand.

The usual mistake is to tie the wrong pair of letters. Ask what Y[i, j] reads: row i of X, and column j of A. So of A's two
letters the column l is tied, to j, and the row k is free and meets X[i, k]. The row i of Y has nothing to do with the row k
of A, although both are called rows.

    >>> T = dY_dA_tensor(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), 2)
    >>> T.shape, T[2, 0].tolist()
    ((3, 2, 2, 2), [[5.0, 0.0], [6.0, 0.0]])
"""
