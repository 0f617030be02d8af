"""Hidden checks for denominator_layout_chain(Dg, Dh): the derivative of h(g(x)), inputs x outputs, shape (n, p)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception, oracle

Array = NDArray[np.float64]
Derivatives = tuple[Array, Array]

hints = [
    "Write the chain rule for Jacobians, one row per output, and transpose both sides: (A @ B).T is B.T @ A.T.",
    "Compare the shapes: (n, m) and (m, p) have to give (n, p), and m is what lies between g and h.",
    "Dg and Dh are the transposed Jacobians already, so nothing is left to transpose: only their order is a question.",
]


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Derivatives]:
    """gives [[12]] for the example on paper, and the derivative for a chain of 2 x 2 matrices"""
    yield np.array([[1.0, 4.0]]), np.array([[4.0], [2.0]])
    yield np.array([[3.0, 1.0], [0.0, -1.0]]), np.array([[1.0, 0.0], [2.0, 1.0]])


@check(points=2.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Derivatives]:
    """gives the derivative for any number of inputs, outputs and numbers in between"""
    for n, m, p in [(4, 3, 2), (2, 4, 5), (3, 2, 3), (3, 3, 2), (2, 3, 3), (3, 4, 1), (1, 3, 4), (2, 1, 3)]:
        yield rng.normal(size=(n, m)), rng.normal(size=(m, p))


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Derivatives]:
    """gives the derivative where all sizes are the same, so that a wrong product has the right shape"""
    for size in (2, 3, 4):
        yield rng.normal(size=(size, size)), rng.normal(size=(size, size))


@check(points=1)
def chain_of_three(rng: np.random.Generator) -> Iterator[Derivatives]:
    """is right for a chain of three functions, whichever pair is joined first, and for derivatives of any size"""
    first, second, third = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=(4, 5))
    yield first, second @ third
    yield first @ second, third
    yield 1e9 * first, second
    yield first, 1e-15 * second


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Derivatives]:
    """does not write into Dg or Dh"""
    yield rng.normal(size=(3, 5)), rng.normal(size=(5, 2))


@misconception
def outer_function_first(Dg: Array, Dh: Array) -> Array:
    """That is the order for Jacobians; with one row per input it is reversed, and the inner function comes first."""
    return Dh @ Dg


@misconception
def mixed_layouts(Dg: Array, Dh: Array) -> Array:
    """You returned the Jacobian, with one row per output; stay in one layout, with one row per input."""
    return (Dg @ Dh).T


@misconception
def inner_transposed(Dg: Array, Dh: Array) -> Array:
    """Dg is a transposed Jacobian already; do not transpose it again."""
    return Dg.T @ Dh


@misconception
def outer_transposed(Dg: Array, Dh: Array) -> Array:
    """Dh is a transposed Jacobian already; do not transpose it again."""
    return Dg @ Dh.T


@misconception
def both_transposed(Dg: Array, Dh: Array) -> Array:
    """Both factors are transposed Jacobians already; multiply them as they are."""
    return Dg.T @ Dh.T


@misconception
def elementwise(Dg: Array, Dh: Array) -> Array:
    """The chain rule multiplies matrices, not element by element, in either layout."""
    return Dg * Dh


@oracle
def autograd(torch: Any, Dg: Any, Dh: Any) -> Any:
    """PyTorch's Jacobian (outputs, inputs) of the row form x -> x @ Dg @ Dh, transposed."""
    return torch.autograd.functional.jacobian(lambda row: (row @ Dg) @ Dh, Dg.new_ones(Dg.shape[0])).T


derivation = """
In this layout the derivative of g has the entry dg[k] / dx[j] in row j and column k: the input comes first. Moving x[j]
moves every g[k], and each of these moves f[i]. The parts of all k add up, as in every layout:

    df[i] / dx[j] = sum over k of dh[i] / dg[k] * dg[k] / dx[j] = sum over k of Dg[j, k] * Dh[k, i]

The result belongs in row j and column i. The shared index k stands last in Dg and first in Dh: so the product is `Dg @ Dh`.
The shapes say the same: (n, m) @ (m, p) gives (n, p).

There is a second way to see it. Each matrix here is the transpose of a Jacobian, and a transpose turns a product round:

    Df = Jf.T = (Jh @ Jg).T = Jg.T @ Jh.T = Dg @ Dh

So in this layout the order is that of computing: the inner function first. In the course's own layout it is the other way
round. Neither is better, but the two must not be mixed.

The usual mistake is `Dh @ Dg`, learnt by heart from the other layout. It is not a matter of taste: where n and p differ it
does not even run.

    >>> Dg, Dh = np.array([[1.0, 4.0]]), np.array([[4.0], [2.0]])
    >>> denominator_layout_chain(Dg, Dh).tolist(), bool((Dg @ Dh == (Dh.T @ Dg.T).T).all())
    ([[12.0]], True)
"""
