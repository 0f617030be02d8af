"""Hidden checks for broadcast_as_matmul(a, B): the M, shape (H, H), with a * B == B @ M for every B."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception, oracle

Array = NDArray[np.float64]
Factors = tuple[Array, Array]

hints = [
    "Do the example on paper: by which number is the first column of B multiplied, and by which the second?",
    "Column j of B @ M is a combination of the columns of B, with the weights that stand in column j of M.",
    "Column j of a * B is a_j times column j of B, and nothing of the others. What does that leave in column j of M?",
]


def _factors(rng: np.random.Generator, D: int, H: int) -> Factors:
    """Draw factors of both signs, none of them near 0, 1 or another one."""
    a = rng.permutation(np.arange(2, H + 2)) + rng.uniform(0.1, 0.4, size=H)
    return a * rng.permutation(np.resize([1.0, -1.0], H)), rng.normal(size=(D, H))


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Factors]:
    """gives the M with B @ M == a * B for the example on paper, and for a B with three rows"""
    yield np.array([2.0, 3.0]), np.array([[1.0, 1.0], [4.0, 5.0]])
    yield np.array([2.0, 3.0]), np.array([[1.0, 1.0], [4.0, 5.0], [0.0, 6.0]])


@check(points=1.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Factors]:
    """gives the M with B @ M == a * B for any number of rows and columns"""
    for D, H in [(5, 3), (2, 4), (4, 4), (1, 3), (6, 1)]:
        yield _factors(rng, D, H)


@check(points=1)
def any_factors(rng: np.random.Generator) -> Iterator[Factors]:
    """gives M for factors that are zero, equal, tiny or huge, and whatever is in B"""
    a, B = _factors(rng, 3, 5)
    a[:4] = [0.0, 1e-6, -2.5, -2.5]
    yield a, B
    yield a, -10 * B
    yield a, np.zeros((3, 5))
    yield 1e9 * a, B
    yield 1e-15 * a, B


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Factors]:
    """does not write into a or B"""
    yield _factors(rng, 4, 3)


@misconception
def outer_product(a: Array, B: Array) -> Array:
    """The outer product mixes the columns; a * B scales column j of B by a_j and mixes nothing."""
    return np.outer(a, a)


@misconception
def broadcast_copy(a: Array, B: Array) -> Array:
    """You returned the copies of a that broadcasting multiplies with; asked is the matrix M with a * B == B @ M."""
    return np.tile(a, (len(B), 1))


@misconception
def copies_of_a(a: Array, B: Array) -> Array:
    """With a in every row of M, B @ M adds up whole rows of B; a * B leaves each column of B to itself."""
    return np.tile(a, (len(a), 1))


@misconception
def sum_on_the_diagonal(a: Array, B: Array) -> Array:
    """Your M multiplies every column by the same number, but each column has a factor of its own, a_j."""
    return np.eye(len(a)) * a.sum()


@misconception
def scales_rows(a: Array, B: Array) -> Array:
    """A D x D matrix stands to the left of B and scales rows; broadcasting over the last axis scales columns."""
    return np.diag(np.resize(a, len(B)))


@misconception
def the_product_itself(a: Array, B: Array) -> Array:
    """You returned a * B; asked is the matrix M that B is multiplied with to get it."""
    return a * B


@misconception
def solved_for_this_b(a: Array, B: Array) -> Array:
    """That M was solved for and fits this B alone; look for the one M that is right for every B, without using B."""
    return np.linalg.pinv(B) @ (a * B)


@misconception
def a_in_every_column(a: Array, B: Array) -> Array:
    """With a in every column of M, all columns of B @ M are alike; a * B leaves each column of B to itself."""
    return np.tile(a[:, None], (1, len(a)))


@oracle
def autograd(torch: Any, a: Any, B: Any) -> Any:
    """The transposed Jacobian of row -> a * row: a row r is mapped to r @ M."""
    return torch.autograd.functional.jacobian(lambda row: a * row, B.new_ones(B.shape[1])).T


derivation = """
Write both sides for one entry. Broadcasting repeats a for each row of B, so the entry in row i and column j is

    (a * B)[i, j] = a[j] * B[i, j]

The matrix product is a sum over the columns of B:

    (B @ M)[i, j] = sum over k of B[i, k] * M[k, j]

The two have to be equal for every B. So compare what stands before each B[i, k]. On the left only B[i, j] occurs, with the
factor a[j]. Hence, in column j of M, all is 0 but the entry of row j:

    M[j, j] = a[j]     and     M[k, j] = 0 where k is not j

That is a diagonal matrix, `np.diag(a)`. It does not depend on B, since B was never used but for its number of columns.

The usual mistake is a matrix that is full of copies of a. Then each entry of B @ M adds up a whole row of B, while
broadcasting adds up nothing: it scales column j. A matrix on the right of B acts on its columns. One that scales rows stands
on the left.

    >>> a, B = np.array([2.0, 3.0]), np.array([[1.0, 1.0], [4.0, 5.0]])
    >>> (B @ broadcast_as_matmul(a, B)).tolist() == (a * B).tolist()
    True
"""
