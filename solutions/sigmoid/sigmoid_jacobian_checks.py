"""Hidden checks for sigmoid_jacobian(z): the (n, n) Jacobian of the element-wise sigmoid."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import sigmoid, slopes

Array = NDArray[Any]

hints = [
    "Output i is s(z[i]). Which entries of z does it contain, and what is its derivative with respect to each of the "
    "others?",
    "All entries off the diagonal are 0; entry (i, i) is the derivative of the sigmoid at z[i].",
    "np.diag turns a vector into a diagonal matrix: give it the vector of the n derivatives of the sigmoid.",
]


def _moderate(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Draw values of both signs, off 0 and far from saturation."""
    return rng.uniform(0.5, 4.0, size=n) * rng.permutation(np.resize([1.0, -1.0], n))


@check(points=1, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Array]:
    """gives the Jacobian at [0, ln 3]"""
    yield np.array([0.0, np.log(3)])


@check(points=3.5)
def any_size(rng: np.random.Generator) -> Iterator[Array]:
    """gives the whole matrix for any number of entries of either sign"""
    for n in (2, 3, 6):
        yield _moderate(rng, n)


@check(points=1)
def one_entry(rng: np.random.Generator) -> Iterator[Array]:
    """gives a 1 x 1 matrix for a single entry, also at z = 10"""
    yield np.array([10.0])
    yield -rng.uniform(0.5, 3.0, size=1)


@check(points=2, float64_only=True)
def saturated(rng: np.random.Generator) -> Iterator[Array]:
    """stays accurate where the sigmoid saturates at 1 or at 0"""
    # No moderate entry beside the tiny ones: the absolute tolerance that suits it would let 0 pass.
    yield rng.uniform(10.0, 14.0, size=3)
    yield np.array([20.0, 19.5])
    yield -rng.uniform(25.0, 30.0, size=4)
    yield np.array([-40.0, -39.5])


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Array]:
    """does not write into z, and works in float32 as well"""
    yield _moderate(rng, 4)
    yield _moderate(rng, 3).astype(np.float32)


@misconception
def diagonal_alone(z: Array) -> Array:
    """A map from n inputs to n outputs has an n x n Jacobian; you returned one number for each entry of z."""
    s = sigmoid(z)
    return s * (1 - s)


@misconception
def outer_product(z: Array) -> Array:
    """Entries off the diagonal must be 0: output i does not depend on input j."""
    s = sigmoid(z)
    return np.outer(s, 1 - s)


@misconception
def softmax_jacobian(z: Array) -> Array:
    """That is the form of the softmax's Jacobian; in the sigmoid no output depends on another input."""
    s = sigmoid(z)
    return np.diag(s) - np.outer(s, s)


@misconception
def activations_on_the_diagonal(z: Array) -> Array:
    """You put the activations s(z) on the diagonal instead of their derivatives."""
    return np.diag(sigmoid(z))


def _with_slope(slope: Callable[[Array], Array], z: Array) -> Array:
    return np.diag(slope(z))


wrong_slopes = slopes(_with_slope, but=["sigmoid_itself"])


@oracle
def autograd(torch: Any, z: Any) -> Any:
    """PyTorch's Jacobian of the element-wise sigmoid."""
    return torch.autograd.functional.jacobian(torch.sigmoid, z)


@derivative_of("z")
def activation(z: Array) -> Array:
    """Compute the sigmoid of each element."""
    return sigmoid(z)


equivalent = {
    "clip: np.diag(s * complement) -> np.clip(np.diag(s * complement), -100, 100)": "never above 1/4",
    "swap elements: (1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z))) -> (1 / (1 + np.exp(z)), 1 / (1 + np.exp(-z)))": (
        "the two factors change places in a product"
    ),
}


derivation = """
There are n outputs and n inputs, so there are n * n derivatives. Output i is p[i] = s(z[i]): it reads z[i] and no other
input. So

    dp[i] / dz[j] = s'(z[i]) where i = j,    and 0 elsewhere

That is a diagonal matrix, and `np.diag` puts a vector on its diagonal. The slope of the sigmoid is s * (1 - s), taken entry
by entry.

For large z, s is close to 1, and the subtraction 1 - s has few digits left. The same number can be had without it:

    1 - s(z) = e**(-z) / (1 + e**(-z)) = 1 / (e**z + 1) = s(-z)

So the code computes s(z) and s(-z), each from an exponential of its own, and multiplies them. In the range of the task
neither exponential overflows.

    >>> bool(1 - 1 / (1 + np.exp(-37.0)) == 0), bool(1 / (1 + np.exp(37.0)) > 8e-17)
    (True, True)

The usual mistake is to return the n slopes as a vector. It holds all that is not 0, and for a product with a gradient it is
enough. But it is not the Jacobian: that says as well that output 0 does not depend on input 1. In the softmax it does, and
there the zeros are not zeros.

    >>> sigmoid_jacobian(np.zeros(2)).tolist()
    [[0.25, 0.0], [0.0, 0.25]]
"""
