"""Hidden checks for dE_dA(X, dEdY): the gradient of a loss E with respect to A behind the layer Y = X @ A, shape (n,
m)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle
from ..drawing import THE_ONE, figure, table

Array = NDArray[np.floating[Any]]
Batch = tuple[Array, Array]

hints = [
    "Solve it for a batch of one first: a row x of n inputs and a row g of m upstream numbers. Which shape has dE/dA?",
    "Each sample adds the outer product of its row of X and its row of dE/dY; the sum runs over the samples.",
    "A sum over samples of products is a matrix product in which the batch axis is the one that is summed over:"
    " which of the two factors has to be transposed for that, and which comes first to give (n, m)?",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, X: "Array", dEdY: "Array") -> Any:
    """Return every so many entries."""
    return np.asarray(function(X, dEdY))[::37, ::29]


def tensor_with_four_axes(X: "Array", dEdY: "Array") -> "Array":
    """Contract dY/dA, which does not fit into memory for a large layer."""
    T = np.zeros((*dEdY.shape, X.shape[1], dEdY.shape[1]))
    for j in range(dEdY.shape[1]):
        T[:, j, :, j] = X
    return np.einsum("ij,ijkl->kl", dEdY, T)


def _batch(rng: np.random.Generator, rows: int, n: int, m: int) -> Batch:
    """Draw a batch whose upstream gradients differ from sample to sample, and whose sums are far from 0."""
    X = rng.uniform(0.5, 2.0, size=(rows, n)) * np.where(rng.uniform(size=(rows, n)) < 0.3, -1, 1)
    G = rng.uniform(0.5, 2.0, size=(rows, m)) * np.resize([1, 1, -1], rows)[:, None]
    return X, G


def _eighths(rng: np.random.Generator, *shape: int) -> NDArray[np.float32]:
    """Draw numbers whose products and sums float32 holds exactly."""
    return (rng.choice([-1, 1], size=shape) * rng.integers(2, 40, size=shape) / 8).astype(np.float32)


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Batch]:
    """gives dE/dA for the batch X = [[1, 0], [2, 1], [0, 3]], with one output and with two"""
    X = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0]])
    yield X, np.array([[1.0], [-1.0], [2.0]])
    yield X, np.array([[1.0, 0.0], [-1.0, 2.0], [2.0, 1.0]])


@check(points=1)
def any_sizes(rng: np.random.Generator) -> Iterator[Batch]:
    """gives dE/dA for any number of samples, inputs and outputs"""
    for rows, n, m in [(5, 3, 2), (3, 2, 4), (4, 6, 3), (4, 3, 1)]:
        yield _batch(rng, rows, n, m)


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Batch]:
    """gives dE/dA where some sizes are the same, or all, so that a wrong product has the right shape"""
    yield _batch(rng, 3, 3, 3)
    yield _batch(rng, 4, 4, 2)
    yield _batch(rng, 4, 3, 3)


@check(points=1)
def batch_of_one(rng: np.random.Generator) -> Iterator[Batch]:
    """gives dE/dA for a batch of one sample"""
    yield _batch(rng, 1, 3, 2)


@check(points=1)
def any_order_and_any_split(rng: np.random.Generator) -> Iterator[Batch]:
    """sums over the samples: in any order, half a batch at a time, and for an upstream gradient of any magnitude"""
    X, G = _batch(rng, 6, 4, 3)
    order = [5, 2, 0, 4, 1, 3]
    yield X, G
    yield X[order], G[order]
    yield X[:2], G[:2]
    yield X[2:], G[2:]
    yield X, -1e15 * G
    yield X, 1e-15 * G


@check(points=1, driver=some_entries, long_way=tensor_with_four_axes)
def real_size(rng: np.random.Generator) -> Iterator[Batch]:
    """takes a layer with 100 inputs and 1200 outputs in good time, and in the memory that there is"""
    yield rng.normal(size=(2, 100)), rng.normal(size=(2, 1200))


@check(points=0.5, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Batch]:
    """does not write into X or dEdY"""
    yield _batch(rng, 4, 2, 3)


@check(points=0.5)
def single_precision(rng: np.random.Generator) -> Iterator[Batch]:
    """takes float32 arrays"""
    yield _eighths(rng, 5, 3), _eighths(rng, 5, 2)


@misconception
def transposed(X: Array, dEdY: Array) -> Array:
    """That is the transpose, (m, n); dE/dA has the shape of A, (n, m)."""
    return dEdY.T @ X


@misconception
def batch_not_transposed(X: Array, dEdY: Array) -> Array:
    """X @ dEdY pairs inputs with samples, and its shapes fit by luck alone: which axis do X and dE/dY share?"""
    return X @ dEdY


@misconception
def mean_over_the_batch(X: Array, dEdY: Array) -> Array:
    """Do not divide by the batch size here: where the loss is a mean, the 1/N is already inside dE/dY."""
    return X.T @ dEdY / len(X)


@misconception
def sums_multiplied(X: Array, dEdY: Array) -> Array:
    """Summing X and dE/dY over the batch separately mixes different samples: multiply for each sample, then sum."""
    return np.outer(X.sum(axis=0), dEdY.sum(axis=0))


@misconception
def mean_upstream(X: Array, dEdY: Array) -> Array:
    """Averaging X or dE/dY over the batch first mixes different samples: multiply for each sample first, then sum."""
    return np.outer(X.sum(axis=0), dEdY.mean(axis=0))


@misconception
def last_sample_only(X: Array, dEdY: Array) -> Array:
    """Gradients accumulate over the batch: use += in the loop, or you keep the last sample alone."""
    return np.outer(X[-1], dEdY[-1])


@oracle
def autograd(torch: Any, X: Any, dEdY: Any) -> Any:
    """PyTorch's gradient with respect to A of a loss with this dE/dY."""
    A = torch.zeros(X.shape[1], dEdY.shape[1], dtype=X.dtype)
    return torch.autograd.functional.jacobian(lambda A: ((X @ A) * dEdY).sum(), A)


def _zero_weights(X: Array, dEdY: Array) -> Array:
    return np.zeros((X.shape[1], dEdY.shape[1]))


@derivative_of("A", at=_zero_weights, upstream="dEdY")
def layer(X: Array, A: Array) -> Array:
    """The layer's outputs, whose derivatives are the same at every A."""
    return X @ A


picture = figure(
    "Each entry of A has one column of X and one column of dE/dY that matter to it; the samples are what is summed over.",
    table(
        "X  (N, n)",
        [["1", "0"], ["2", "1"], ["0", "3"]],
        rows=["sample 0", "sample 1", "sample 2"],
        columns=["input 0", "input 1"],
        grounds={(0, 0): THE_ONE, (1, 0): THE_ONE, (2, 0): THE_ONE},
    ),
    table(
        "dE/dY  (N, m)",
        [["1"], ["-1"], ["2"]],
        columns=["output 0"],
        grounds={(0, 0): THE_ONE, (1, 0): THE_ONE, (2, 0): THE_ONE},
    ),
    table(
        "dE/dA  (n, m)",
        [["-1"], [""]],
        rows=["input 0", "input 1"],
        columns=["output 0"],
        grounds={(0, 0): THE_ONE},
    ),
    note="The samples are an axis of X and of dE/dY, and none of dE/dA.",
)


derivation = """
The weight A[k, l] takes part in every entry of column l of Y, once for each sample, with the factor X[i, k]:

    Y[i, l] = ... + X[i, k] * A[k, l] + ...     so     dY[i, l] / dA[k, l] = X[i, k]

The other columns of Y do not contain it. The chain rule adds up over the entries that do, which means over the samples:

    dE/dA[k, l] = sum over i of X[i, k] * dEdY[i, l]

Now find the product of matrices. The index i is the row of both factors. In a matrix product the shared index has to be the
column of the first one, so X is transposed:

    dE/dA = X.T @ dEdY      (n, N) @ (N, m) gives (n, m), the shape of A

The sum over the batch is inside this product. It is the sum of the outer products of all samples, `np.outer(X[i], dEdY[i])`.
If E is a mean over the batch, its 1/N is in dEdY already, so nothing is divided here. And of the tensor with four axes only
the entries that are not 0 have been used.

The usual mistake is to add over the batch too early: X summed over the samples, times dEdY summed over the samples. That
pairs the inputs of one sample with the gradient of another. Multiply for each sample, then add.

    >>> X, dEdY = np.array([[1.0, 0.0], [2.0, 1.0], [0.0, 3.0]]), np.array([[1.0], [-1.0], [2.0]])
    >>> dE_dA(X, dEdY).tolist(), np.outer(X.sum(axis=0), dEdY.sum(axis=0)).tolist()
    ([[-1.0], [5.0]], [[6.0], [8.0]])
"""
