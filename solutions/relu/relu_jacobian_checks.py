"""Hidden checks for relu_jacobian(z): the (n, n) Jacobian of the element-wise ReLU, 0 at the kink."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks

Array = NDArray[Any]

hints = [
    "Output i is relu(z[i]). Which entries of z does it contain, and what is its derivative with respect to each of "
    "the others?",
    "All entries off the diagonal are 0; entry (i, i) is 1 where unit i is active and 0 where it is not.",
    "np.diag turns a vector into a diagonal matrix: give it the vector of the derivatives of relu, which are 0 or 1.",
]


def _mixed(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Draw active and inactive units, none close to the kink, no output of 1, and two active ones where n allows."""
    return rng.uniform(1.2, 4.0, size=n) * rng.permutation(np.resize([1.0, -1.0, 1.0], n))


@check(points=0, public=True)
def example_of_the_lecture(rng: np.random.Generator) -> Iterator[Array]:
    """gives the Jacobian at [2, -1, 3, -0.5]"""
    yield np.array([2.0, -1.0, 3.0, -0.5])


@check(points=1.5)
def any_size(rng: np.random.Generator) -> Iterator[Array]:
    """gives the whole matrix for any number of units, active or not"""
    for n in (2, 3, 6):
        yield _mixed(rng, n)
    yield rng.uniform(1.2, 4.0, size=1)


@check(points=1)
def at_the_kink(rng: np.random.Generator) -> Iterator[Array]:
    """gives 0 where an entry of z is exactly 0, and the right entry however close to 0"""
    yield np.array([2.5, 0.0, -1.5])
    yield np.array([-1e-12, 1e-12, 0.0])
    yield np.array([1e300, -1e300])


@check(points=0.5, readonly=True)
def all_active_or_none(rng: np.random.Generator) -> Iterator[Array]:
    """is right where all units are active and where none is, in float32 as well, and does not write into z"""
    z = rng.uniform(1.2, 4.0, size=3)
    yield z
    yield -z
    yield _mixed(rng, 5).astype(np.float32)


@misconception
def mask_alone(z: Array) -> Array:
    """Return the whole n x n matrix; you returned one number for each entry of z."""
    return (z > 0).astype(float)


@misconception
def outer_product_of_the_mask(z: Array) -> Array:
    """An element-wise function has no entries off the diagonal: output i does not depend on input j."""
    mask = (z > 0).astype(float)
    return np.outer(mask, mask)


@misconception
def mask_in_every_row(z: Array) -> Array:
    """The mask goes on the diagonal; you repeated it in every row."""
    return np.tile((z > 0).astype(float), (len(z), 1))


def _with_mask(mask: Callable[[Array], Array], z: Array) -> Array:
    return np.diag(mask(z))


wrong_masks = masks(_with_mask)


@misconception
def mask_in_every_column(z: Array) -> Array:
    """The mask goes on the diagonal; you repeated it in every column."""
    return np.tile((z > 0).astype(float)[:, None], (1, len(z)))


@oracle
def autograd(torch: Any, z: Any) -> Any:
    """PyTorch's Jacobian of the element-wise ReLU."""
    return torch.autograd.functional.jacobian(torch.relu, z)


@derivative_of("z")
def activation(z: Array) -> Array:
    """Compute the ReLU of each element."""
    return np.maximum(z, 0.0)


equivalent = {
    "clip: np.diag(np.where(z > 0, 1.0, 0.0)) -> np.clip(np.diag(np.where(z > 0, 1.0, 0.0)), -100, 100)": "0 or 1",
    "round: np.diag(np.where(z > 0, 1.0, 0.0)) -> np.round(np.diag(np.where(z > 0, 1.0, 0.0)), decimals=6)": "0 or 1",
}


derivation = """
Output i is relu(z[i]). It reads input i and no other. So of the n * n derivatives only those with i = j can differ from 0:

    d relu(z[i]) / dz[j] = relu'(z[i]) where i = j,    and 0 elsewhere

relu' is 1 where z > 0 and 0 elsewhere, with 0 at the kink as everywhere in the course. Put these n numbers on the diagonal of
a matrix of zeros: `np.diag(np.where(z > 0, 1.0, 0.0))`. For a vector, `np.diag` makes the matrix.

What does such a matrix do in the chain rule? From the left, `J @ M` scales the rows of M by 1 or 0. A row vector times it,
`g @ J`, keeps the entries of g where the unit is active. That is why nobody builds it in a backward pass: a mask, entry by
entry, does the same with n numbers in place of n * n.

The usual mistake is to return that mask, of shape (n,). It is the diagonal, not the Jacobian: n outputs and n inputs need a
matrix of n rows and n columns, whose zeros say that output i does not react to input j.

    >>> z, g = np.array([2.0, -1.0, 3.0]), np.array([5.0, 6.0, 7.0])
    >>> relu_jacobian(z).shape, (g @ relu_jacobian(z)).tolist() == (g * (z > 0)).tolist()
    ((3, 3), True)
"""
