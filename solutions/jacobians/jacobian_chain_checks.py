"""Hidden checks for jacobian_chain(Jh, Jg): the Jacobian of h(g(x)), shape (p, n)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import chain, figure, table


Array = NDArray[np.float64]
Jacobians = tuple[Array, Array]

hints = [
    "A small step dx changes g by Jg @ dx. By how much does that change of g change h?",
    "Compare the shapes: (p, m) and (m, n) have to give (p, n), so the axis of length m is the one to sum over.",
]


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Jacobians]:
    """gives [[12]] for the example on paper, and the Jacobian for a chain of 2 x 2 matrices"""
    yield np.array([[4.0, 2.0]]), np.array([[1.0], [4.0]])
    yield np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([[3.0, 0.0], [1.0, -1.0]])


@check(points=1.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Jacobians]:
    """gives the Jacobian for any number of inputs, outputs and numbers in between"""
    for p, m, n in [(2, 3, 4), (5, 4, 2), (3, 2, 3), (1, 4, 3), (4, 3, 1), (3, 1, 2)]:
        yield rng.normal(size=(p, m)), rng.normal(size=(m, n))


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Jacobians]:
    """gives the Jacobian where all sizes are the same, so that a wrong product has the right shape"""
    for size in (2, 3, 4):
        yield rng.normal(size=(size, size)), rng.normal(size=(size, size))


@check(points=0.5, readonly=True)
def chain_of_three(rng: np.random.Generator) -> Iterator[Jacobians]:
    """is right for a chain of three whichever pair is joined first, and for any size; writes into no argument"""
    first, second, third = rng.normal(size=(3, 2)), rng.normal(size=(4, 3)), rng.normal(size=(5, 4))
    yield third, second @ first
    yield third @ second, first
    yield 1e9 * third, second
    yield third, 1e-15 * second


@misconception
def order_reversed(Jh: Array, Jg: Array) -> Array:
    """For f = h(g(x)) the Jacobian of the outer function, h, comes first; yours starts with that of g."""
    return Jg @ Jh


@misconception
def elementwise(Jh: Array, Jg: Array) -> Array:
    """Jacobians are multiplied as matrices, not element by element."""
    return Jh * Jg


@misconception
def transposed(Jh: Array, Jg: Array) -> Array:
    """The result must have a row for each output of h and a column for each input of g; yours is transposed."""
    return (Jh @ Jg).T


@misconception
def both_transposed(Jh: Array, Jg: Array) -> Array:
    """With one row per output the factors are not transposed: multiply them as they are."""
    return Jh.T @ Jg.T


@oracle
def autograd(torch: Any, Jh: Any, Jg: Any) -> Any:
    """PyTorch's Jacobian of the composition of two linear maps that have the given Jacobians."""
    return torch.autograd.functional.jacobian(lambda x: Jh @ (Jg @ x), Jg.new_ones(Jg.shape[1]))


def _origin(Jg: Array) -> Array:
    return np.zeros(Jg.shape[1])


@derivative_of("x", at=_origin)
def composition(Jh: Array, Jg: Array, x: Array) -> Array:
    """Two linear maps that have the given Jacobians everywhere, one after the other."""
    return Jh @ (Jg @ x)


picture = figure(
    "From t through g to (u, v) and through h to f, with the Jacobian of each step at t = 2.",
    chain(("t", "(1,)"), ("u, v", "(2,)"), ("f", "(1,)")),
    table("Jg  (m, n) = (2, 1)", [["1"], ["4"]], rows=["u", "v"], columns=["t"]),
    table("Jh  (p, m) = (1, 2)", [["4", "2"]], rows=["f"], columns=["u", "v"]),
    note="The example on paper. A row is an output of the step, a column is an input.",
)


derivation = """
Move x[j] by a little, by d. It moves every number u[k] between g and h, and each of these moves the output f[i]:

    u[k] moves by Jg[k, j] * d,    and for its sake f[i] moves by Jh[i, k] * Jg[k, j] * d

All m numbers between are moved at once, so the parts add up:

    df[i] / dx[j] = sum over k of Jh[i, k] * Jg[k, j]

The index k is shared, and it stands last in the first factor and first in the second. That is a matrix product,
`Jh @ Jg`. Read it as a sum over all paths from input j to output i, with one path through each u[k].

The order follows from it, and from the shapes: (p, m) @ (m, n) gives (p, n). The outer function stands on the left, as it
does in h(g(x)), although it is computed last.

The usual mistake is `Jg @ Jh`, in the order of computing. It raises an error where n and p differ. Where they are equal it
runs, and gives an (m, m) matrix that means nothing. Products of matrices may not be exchanged.

    >>> Jg, Jh = np.array([[1.0], [4.0]]), np.array([[4.0, 2.0]])
    >>> jacobian_chain(Jh, Jg).tolist(), (Jg @ Jh).shape
    ([[12.0]], (2, 2))
"""
