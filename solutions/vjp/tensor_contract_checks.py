"""Hidden checks for tensor_contract(dEdY, dYdA): the sum of dEdY[i, j] * dYdA[i, j] over i and j, shape (n, m)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import THE_ONE, figure, stack, table


Array = NDArray[np.floating[Any]]
Pair = tuple[Array, Array]

# No check has a batch of one row with several columns: there np.einsum stretches an axis of size 1 where np.tensordot
# raises, so that two students with one wrong formula would get different values.

hints = [
    "Which axes do the two arrays share? Those are the entries of Y, and E depends on A through each of them.",
    "Begin with two loops, over i and j, that add dEdY[i, j] times the matrix dYdA[i, j] to zeros of the shape of A.",
    "Without loops: give dEdY two more axes of size 1, multiply, and sum over the two axes of Y. np.tensordot and"
    " np.einsum do it in one call.",
]


def _pair(rng: np.random.Generator, rows: int, m: int, n: int) -> Pair:
    """Draw an upstream gradient and a tensor without zeros, signs mixed."""
    G = rng.uniform(0.5, 2.0, size=(rows, m)) * rng.choice([-1, 1], size=(rows, m))
    return G, rng.normal(size=(rows, m, n, m))


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Pair]:
    """gives dE/dA for tensors of two by two matrices"""
    dYdA = np.array(
        [
            [[[1.0, 2.0], [0.0, 1.0]], [[0.0, 1.0], [3.0, 0.0]]],
            [[[2.0, 0.0], [1.0, 1.0]], [[1.0, 1.0], [0.0, 2.0]]],
        ]
    )
    yield np.array([[0.0, 2.0], [0.0, 0.0]]), dYdA
    yield np.array([[1.0, 2.0], [3.0, -1.0]]), dYdA


@check(points=2)
def any_sizes(rng: np.random.Generator) -> Iterator[Pair]:
    """gives dE/dA for any sizes of Y and A"""
    for rows, m, n in [(3, 2, 4), (2, 4, 3), (5, 3, 2)]:
        yield _pair(rng, rows, m, n)


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Pair]:
    """sums over the right axes where some have the same size, or all"""
    yield _pair(rng, 3, 3, 3)
    yield _pair(rng, 3, 2, 3)
    yield _pair(rng, 3, 3, 2)
    yield _pair(rng, 1, 1, 1)


@check(points=1)
def tensor_of_a_layer(rng: np.random.Generator) -> Iterator[Pair]:
    """gives dE/dA for the layer Y = X @ A, whose tensor has many zeros"""
    X = rng.normal(size=(4, 3))
    yield rng.normal(size=(4, 2)), np.einsum("ik,jl->ijkl", X, np.eye(2))


@check(points=1)
def any_upstream(rng: np.random.Generator) -> Iterator[Pair]:
    """is linear in dE/dY: gives dE/dA for two upstream gradients, their sum, and for huge and tiny ones"""
    G, T = _pair(rng, 3, 2, 4)
    F, _ = _pair(rng, 3, 2, 4)
    for upstream in (G, F, G + F, -1e15 * G, 1e-15 * G):
        yield upstream, T


@check(points=0.5, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Pair]:
    """does not write into dEdY or dYdA"""
    yield _pair(rng, 3, 2, 4)


@check(points=0.5)
def single_precision(rng: np.random.Generator) -> Iterator[Pair]:
    """takes float32 arrays"""
    # Multiples of 1/8 this small have products and sums that float32 holds exactly.
    G, T = rng.integers(1, 9, size=(2, 3)) / 8, rng.integers(-8, 9, size=(2, 3, 4, 3)) / 8
    yield G.astype(np.float32), T.astype(np.float32)


@misconception
def summed_over_the_inputs(dEdY: Array, dYdA: Array) -> Array:
    """Sum over the OUTPUT axes, the first two of dY/dA: they are what dE/dY runs along. You summed over those of A."""
    return np.tensordot(dEdY, dYdA, axes=([0, 1], [2, 3]))


@misconception
def transposed(dEdY: Array, dYdA: Array) -> Array:
    """The result must have the shape of A, (n, m); yours is transposed."""
    return np.tensordot(dEdY, dYdA, axes=2).T


@misconception
def one_axis_only(dEdY: Array, dYdA: Array) -> Array:
    """Two axes must be summed over, both of those of Y; like the product of two matrices, you summed over one."""
    return np.tensordot(dEdY, dYdA, axes=1)


@misconception
def matrix_product(dEdY: Array, dYdA: Array) -> Array:
    """`@` treats dY/dA as a stack of matrices and sums over one of its INPUT axes; sum over both of the output axes."""
    return dEdY @ dYdA


@misconception
def crossed_axes(dEdY: Array, dYdA: Array) -> Array:
    """Match rows with rows and columns with columns; you paired the two axes crosswise."""
    return np.tensordot(dEdY, dYdA, axes=([1, 0], [0, 1]))


@misconception
def diagonal_alone(dEdY: Array, dYdA: Array) -> Array:
    """You took those entries of dY/dA alone whose column of Y is that of A: an entry of A may move all of Y."""
    return np.einsum("ij,ijkj->kj", dEdY, dYdA)


@misconception
def not_summed(dEdY: Array, dYdA: Array) -> Array:
    """You multiplied, but did not sum over the two axes of Y."""
    return dEdY[:, :, None, None] * dYdA


@oracle
def autograd(torch: Any, dEdY: Any, dYdA: Any) -> Any:
    """PyTorch's gradient with respect to A of a loss with this dE/dY, behind the linear function with this tensor."""

    def loss(A: Any) -> Any:
        Y = (dYdA * A).sum(dim=(2, 3))
        return (dEdY * Y).sum()

    return torch.autograd.functional.jacobian(loss, torch.zeros_like(dYdA[0, 0]))


def _origin(dYdA: Array) -> Array:
    return np.zeros(dYdA.shape[2:])


@derivative_of("A", at=_origin, upstream="dEdY")
def linear(dYdA: Array, A: Array) -> Array:
    """The linear function from A to Y that has this tensor everywhere."""
    return np.asarray((dYdA * A).sum(axis=(2, 3)))


picture = figure(
    "dE/dY holds a number for each entry of Y, and dYdA a matrix for each entry of Y, in the shape of A.",
    table("dE/dY  (N, m) = (2, 2)", [["0", "2"], ["0", "0"]], grounds={(0, 1): THE_ONE}),
    *(
        stack(
            *(
                table(
                    f"dYdA[{i}, {j}]  (n, m)",
                    [["", ""] for _ in range(3)],
                    grounds={(k, l): THE_ONE for k in range(3) for l in range(2)} if (i, j) == (0, 1) else {},
                )
                for i in range(2)
            )
        )
        for j in range(2)
    ),
    table("dE/dA  (n, m) = (3, 2)", [["?", "?"] for _ in range(3)]),
    note="A number for each entry of Y, and a matrix for each entry of Y. The number 2 belongs to dYdA[0, 1].",
)


derivation = """
Move A[k, l] by a little, by d. Every entry of Y may move, and each of them moves E:

    Y[i, j] moves by dYdA[i, j, k, l] * d,    and for its sake E moves by dEdY[i, j] * dYdA[i, j, k, l] * d

All N * m entries move at once, so add up over both of their indices:

    dE/dA[k, l] = sum over i, j of dEdY[i, j] * dYdA[i, j, k, l]

`np.einsum("ij,ijkl->kl", dEdY, dYdA)` is that line: i and j occur on the left in both and are missing on the right, so they
are summed over. k and l stay, and they are the axes of A.

It is the chain rule that you know, with i and j together as one index of the outputs, and k and l together as one of the
inputs. A row vector times a Jacobian:

    (1, N * m) @ (N * m, n * m) gives (1, n * m)

`np.tensordot(dEdY, dYdA, 2)` does it, too: the last two axes of the first with the first two of the second, in order.

The usual mistake is `@`, which sums over one axis alone: the last of dEdY with the last but one of the tensor, an axis of the
inputs. Sum over what E and A have between them: the entries of Y.

    >>> dEdY, dYdA = np.array([[0.0, 2.0]]), np.arange(12.0).reshape(1, 2, 3, 2)
    >>> tensor_contract(dEdY, dYdA).tolist() == (2 * dYdA[0, 1]).tolist()
    True
"""
