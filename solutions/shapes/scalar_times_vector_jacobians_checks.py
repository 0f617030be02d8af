"""Hidden checks for scalar_times_vector_jacobians(s, v): the Jacobians of y = s * v with respect to s and to v."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Product = tuple[float, Array]
Jacobians = tuple[Array, Array]

hints = [
    "Count first. How many outputs has y, how many inputs is s, and how many is v? That gives the shape of each matrix.",
    "Write y[i] as a product of two numbers. With respect to s, what is left of it? With respect to v[j], is anything"
    " left when j is not i?",
]


def _product(rng: np.random.Generator, n: int) -> Product:
    """Draw a number and a vector of both signs, none of them close to 0, to 1 or to another in size."""
    sizes = rng.permutation(np.arange(2, n + 3)) * rng.uniform(0.9, 1.0)
    signs = np.resize([-1.0, 1.0, 1.0], n + 1)
    return float((sizes * signs)[0]), (sizes * signs)[1:]


@check(parts={"dy_ds": 0, "dy_dv": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Product]:
    """gives both Jacobians for s = 2 and v = [3, -1]"""
    yield 2.0, np.array([3.0, -1.0])


@check(parts={"dy_ds": 1, "dy_dv": 1})
def any_length(rng: np.random.Generator) -> Iterator[Product]:
    """gives both Jacobians for vectors of any length, and numbers of both signs"""
    for n in (3, 4, 6):
        yield _product(rng, n)
    s, v = _product(rng, 5)
    yield -s, v


@check(parts={"dy_ds": 0.5, "dy_dv": 0.5}, readonly=True)
def edges(rng: np.random.Generator) -> Iterator[Product]:
    """gives two matrices for a single entry, where s is 0 or v has zeros, for tiny and huge numbers, and leaves v alone"""
    yield _product(rng, 1)
    s, v = _product(rng, 3)
    yield 0.0, v
    yield s, np.array([0.0, 2.5, 0.0, -1.5])
    yield 1e-9 * s, 1e9 * v
    yield 1e9 * s, 1e-9 * v


@misconception
def one_axis_for_dy_ds(s: float, v: Array) -> Jacobians:
    """s is a single input, and a single input still has a column: that Jacobian is a matrix, too."""
    return v.copy(), s * np.eye(len(v))


@misconception
def row_for_dy_ds(s: float, v: Array) -> Jacobians:
    """The outputs go down the rows, and the single input s has a single column: yours has one row and many columns."""
    return v[None, :], s * np.eye(len(v))


@misconception
def ones_for_dy_ds(s: float, v: Array) -> Jacobians:
    """With respect to s you returned ones: raise s by 1, and look how much each entry of y grows."""
    return np.ones((len(v), 1)), s * np.eye(len(v))


@misconception
def s_kept_in_dy_ds(s: float, v: Array) -> Jacobians:
    """Of a product of two factors, the derivative keeps the other one: with respect to s you kept s."""
    return np.full((len(v), 1), s), s * np.eye(len(v))


@misconception
def output_itself(s: float, v: Array) -> Jacobians:
    """With respect to s you returned y itself: s is still in it, and has not been differentiated away."""
    return (s * v)[:, None], s * np.eye(len(v))


@misconception
def diagonal_for_dy_ds(s: float, v: Array) -> Jacobians:
    """With respect to s you made a diagonal matrix: s is one input and not n, so there is no second column to fill."""
    return np.diag(v), s * np.eye(len(v))


@misconception
def number_for_dy_dv(s: float, v: Array) -> tuple[Array, float]:
    """With respect to v, one number is not enough: n outputs and n inputs have n * n derivatives."""
    return v[:, None], s


@misconception
def one_axis_for_dy_dv(s: float, v: Array) -> Jacobians:
    """With respect to v you returned one number for each entry: what of the derivatives of y[i] with respect to the
    other entries?"""
    return v[:, None], np.full(len(v), s)


@misconception
def every_entry_of_dy_dv(s: float, v: Array) -> Jacobians:
    """y[i] does not depend on v[j] where j is another index: those derivatives are 0."""
    return v[:, None], np.full((len(v), len(v)), s)


@misconception
def v_on_the_diagonal(s: float, v: Array) -> Jacobians:
    """Every entry of v is multiplied by the same number: raise v[i] by 1, and y[i] grows by as much for each i."""
    return v[:, None], np.diag(v)


@misconception
def identity_for_dy_dv(s: float, v: Array) -> Jacobians:
    """You returned the identity, as if y were v: where has the factor gone?"""
    return v[:, None], np.eye(len(v))


@oracle
def autograd(torch: Any, s: float, v: Any) -> Any:
    """PyTorch's Jacobians of the product, with s as a vector of one entry."""
    point = torch.tensor([s], dtype=torch.float64)
    return torch.autograd.functional.jacobian(lambda s, v: s * v, (point, v))


def _vector_of_one(s: float) -> Array:
    return np.array([s])


@derivative_of("point", part="dy_ds", at=_vector_of_one)
def from_one_number(point: Array, v: Array) -> Array:
    """Compute the product, from s as a vector of one entry."""
    return point[0] * v


@derivative_of("v", part="dy_dv")
def from_the_vector(s: float, v: Array) -> Array:
    """Compute the product."""
    return s * v


derivation = """
Write one output, and differentiate it with respect to each input:

    y[i] = s * v[i]
    dy[i] / ds    = v[i]
    dy[i] / dv[j] = s where i = j, and 0 elsewhere, since y[i] reads v[i] alone

Now put them into matrices, a row for each output and a column for each input. There are n outputs. With respect to s there
is one input, so dy/ds has the shape (n, 1): it is v as a column, `v[:, None]`. With respect to v there are n inputs, so
dy/dv has the shape (n, n): it is s times the identity, `s * np.eye(len(v))`.

The usual mistake is to return v and s as they are. As numbers they are right, but the axes are lost, and then the chain rule
does not work as a product of matrices any more. With both axes in place it answers the question of the notes. Let g be the
gradient of a loss with respect to y:

    g @ dy/ds    (n,) @ (n, 1) is (1,)    the sum of g[i] * v[i]: s is used n times, and its parts add up
    g @ dy/dv    (n,) @ (n, n) is (n,)    s * g: each v[i] is used once

    >>> dy_ds, dy_dv = scalar_times_vector_jacobians(2.0, np.array([3.0, -1.0]))
    >>> dy_ds.shape, dy_dv.tolist()
    ((2, 1), [[2.0, 0.0], [0.0, 2.0]])
"""
