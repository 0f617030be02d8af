"""Hidden checks for vjp_linear(x, v): the sum over i of v[i] * d h[i] / dW of h = x @ W, shape (D, H)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.floating[Any]]
Pair = tuple[Array, Array]

hints = [
    "Slice T[i] of the Jacobian has x in its column i and zeros elsewhere. What does v[i] do to it?",
    "The sum puts v[0] * x into column 0, v[1] * x into column 1, and so on.",
    "Every entry is one of x times one of v. Make x a column and v a row, and let them meet.",
]


def _vector(rng: np.random.Generator, size: int) -> Array:
    """Draw numbers of both signs that differ from each other and are far from 0 and from 1."""
    return (rng.permutation(np.arange(size)) + rng.uniform(1.2, 1.7)) * np.resize([1, -1], size)


def _eighths(rng: np.random.Generator, size: int) -> NDArray[np.float32]:
    """Draw numbers whose products and sums float32 holds exactly."""
    return (rng.choice([-1, 1], size=size) * rng.integers(2, 40, size=size) / 8).astype(np.float32)


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Pair]:
    """gives the product for x = [1, 2] and v = [3, -1, 0.5]"""
    yield np.array([1.0, 2.0]), np.array([3.0, -1.0, 0.5])


@check(points=2)
def any_sizes(rng: np.random.Generator) -> Iterator[Pair]:
    """gives the product for any number of inputs and outputs, one included"""
    for D, H in [(3, 2), (2, 5), (4, 3), (3, 1), (1, 4)]:
        yield _vector(rng, D), _vector(rng, H)


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Pair]:
    """gives the product where there are as many inputs as outputs, so that any two vectors can be multiplied"""
    yield _vector(rng, 3), _vector(rng, 3)
    yield _vector(rng, 4), _vector(rng, 4)


@check(points=1)
def any_upstream(rng: np.random.Generator) -> Iterator[Pair]:
    """is linear in v: gives the product for two vectors, their sum, and for huge, tiny, one-hot and all-ones vectors"""
    x, v, w = _vector(rng, 3), _vector(rng, 4), rng.normal(size=4)
    for upstream in (v, w, v + w, -1e15 * v, 1e-15 * v, np.array([0.0, 0.0, 1.0, 0.0]), np.ones(4)):
        yield x, upstream


@check(points=0.5, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Pair]:
    """does not write into x or v"""
    yield _vector(rng, 2), _vector(rng, 3)


@check(points=0.5)
def single_precision(rng: np.random.Generator) -> Iterator[Pair]:
    """takes float32 arrays"""
    yield _eighths(rng, 4), _eighths(rng, 3)


@misconception
def ignores_v(x: Array, v: Array) -> Array:
    """That is the product with v = ones, which sums the slices of the Jacobian up: weight each column k by v[k]."""
    return np.outer(x, np.ones(len(v)))


@misconception
def outer_transposed(x: Array, v: Array) -> Array:
    """The result must have the shape of W, (D, H): x as a column times v as a row."""
    return np.outer(v, x)


@misconception
def elementwise_product(x: Array, v: Array) -> Array:
    """x belongs to the D inputs and v to the H outputs, so x * v makes no sense, even if it runs: every x[j] meets each
    v[k]."""
    return x * v


@misconception
def transposed_vectors(x: Array, v: Array) -> Any:
    """.T does nothing to a 1-D array, so between x and v `@` is a dot product: make x a column and v a row first."""
    return x.T @ v.T


@misconception
def sum_of_v(x: Array, v: Array) -> Array:
    """Each column gets its own v[k], not the sum of v."""
    return np.outer(x, np.full(len(v), v.sum()))


@misconception
def full_tensor(x: Array, v: Array) -> Array:
    """That is the whole Jacobian, (H, D, H); contract its output axis with v."""
    return np.einsum("j,ik->ijk", x, np.eye(len(v)))


@oracle
def autograd(torch: Any, x: Any, v: Any) -> Any:
    """What h.backward(v) leaves in W.grad."""
    W = torch.zeros(len(x), len(v), dtype=x.dtype, requires_grad=True)
    (x @ W).backward(v)
    return W.grad


def _zero_weights(x: Array, v: Array) -> Array:
    return np.zeros((len(x), len(v)))


@derivative_of("W", at=_zero_weights, upstream="v")
def layer(x: Array, W: Array) -> Array:
    """The layer's outputs, whose derivatives are the same at every W."""
    return x @ W


derivation = """
Begin with what is asked for, and put the derivatives of the layer into it. They are x[j] where k = i, and 0 elsewhere:

    G[j, k] = sum over i of v[i] * T[i, j, k]
            = v[k] * x[j]                          only the term with i = k is not 0

The whole sum has one term left, so no tensor is needed. The entry in row j and column k is x[j] * v[k]: every x meets every
v. That is the outer product, x as a column times v as a row:

    (D, 1) @ (1, H) gives (D, H), the shape of W        np.outer(x, v)

Read it as a rule for training. The weight from input j to output k changes the loss by as much as its input is large, times
the gradient that arrives at its output.

The usual mistake is the order, `np.outer(v, x)`: that has the shape (H, D). A gradient always has the shape of what it belongs
to, or `W - lr * G` makes no sense. (`x.T @ v` is no outer product either: `.T` does nothing to an array with one axis, so this
is a dot product, or an error.)

    >>> vjp_linear(np.array([1.0, 2.0]), np.array([3.0, -1.0, 0.5])).tolist()
    [[3.0, -1.0, 0.5], [6.0, -2.0, 1.0]]
"""
