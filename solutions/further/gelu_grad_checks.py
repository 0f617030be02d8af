"""Hidden checks for gelu_grad(z): the derivative of z * Phi(z), in the shape of z."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Values = NDArray[np.float64]

hints = [
    "gelu(z) is a product of two functions of z. Which rule is that for, and how many terms has it?",
    "You need the derivative of Phi, which is an integral up to z. What is the derivative of an integral with respect to its"
    " upper end?",
]

_erf = np.vectorize(math.erf, otypes=[np.float64])
_erfc = np.vectorize(math.erfc, otypes=[np.float64])


def _values(rng: np.random.Generator, shape: tuple[int, ...]) -> Values:
    """Draw values of both signs, off 0, and where neither of the two terms is small."""
    return rng.uniform(0.4, 2.0, size=shape) * rng.permutation(np.resize([1.0, -1.0], shape).ravel()).reshape(shape)


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Values]:
    """gives 1/2 at 0, and nearly 0 and 1 at -20 and 20; between them it is a little below 0, and a little above 1"""
    yield np.array([0.0])
    yield np.array([-20.0, 20.0])
    yield np.array([[-2.0, -1.0, -0.5], [0.5, 1.0, 2.0]])


@check(points=1.5)
def any_shape(rng: np.random.Generator) -> Iterator[Values]:
    """gives the derivative for z of either sign, in the shape of z"""
    for shape in [(5,), (2, 3), (3, 3), (1,), (2, 1, 3)]:
        yield _values(rng, shape)


@check(points=1, float64_only=True)
def tails(rng: np.random.Generator) -> Iterator[Values]:
    """is as accurate far from 0, on either side"""
    # Like values in a case: an absolute tolerance that suits a larger neighbour would let 0 pass here.
    yield np.array([-6.0, -5.9])
    yield -rng.uniform(4.9, 5.1, size=3)
    yield -rng.uniform(3.4, 3.6, size=2)
    yield np.array([4.0, 9.0, 20.0])


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Values]:
    """does not write into z"""
    yield _values(rng, (4,))
    yield _values(rng, (3, 2))


def _below(z: Values) -> Values:
    return (1 + _erf(z / np.sqrt(2))) / 2


def _density(z: Values) -> Values:
    return np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


@misconception
def first_term_alone(z: Values) -> Values:
    """You took Phi(z) for a constant factor: it depends on z, too, and the product rule has a term for that."""
    return _below(z)


@misconception
def second_term_alone(z: Values) -> Values:
    """The factor z is differentiated as well: the product rule has a second term, in which Phi stands as it is."""
    return z * _density(z)


@misconception
def minus_for_plus(z: Values) -> Values:
    """The two terms of the product rule are added; a minus belongs to quotients."""
    return _below(z) - z * _density(z)


@misconception
def product_of_the_derivatives(z: Values) -> Values:
    """You multiplied the derivatives of the two factors: the derivative of a product is another thing."""
    return _density(z)


@misconception
def z_lost(z: Values) -> Values:
    """In the term in which Phi is differentiated, the other factor of the GELU is missing."""
    return _below(z) + _density(z)


@misconception
def derivative_of_the_density(z: Values) -> Values:
    """You differentiated once too often: the density is the derivative of Phi already."""
    return _below(z) - z**2 * _density(z)


@misconception
def density_not_normed(z: Values) -> Values:
    """Your density has another area than 1: the factor with pi, in front of the exponential, is missing."""
    return _below(z) + z * np.exp(-(z**2) / 2)


@misconception
def inner_derivative_lost(z: Values) -> Values:
    """erf is taken at z / sqrt(2): the chain rule asks for the derivative of that, too, and so your density is too large."""
    return _below(z) + z * np.exp(-(z**2) / 2) / np.sqrt(np.pi)


@misconception
def half_lost(z: Values) -> Values:
    """Your density is twice too large: Phi has only half of the erf in it, and so has its derivative."""
    return _below(z) + 2 * z * _density(z)


@misconception
def half_too_many(z: Values) -> Values:
    """Your density is half as large as it should be: phi is the derivative of Phi as it stands, with its half."""
    return _below(z) + z * _density(z) / 2


@misconception
def density_of_another_width(z: Values) -> Values:
    """In the exponent of the density, z is squared AND halved."""
    return _below(z) + z * np.exp(-(z**2)) / np.sqrt(2 * np.pi)


@misconception
def erf_for_the_share(z: Values) -> Values:
    """erf goes from -1 to 1, and a share of numbers from 0 to 1: Phi has more to it than the erf."""
    return _erf(z / np.sqrt(2)) + z * _density(z)


@misconception
def erf_of_another_width(z: Values) -> Values:
    """In your Phi, erf is taken at z itself: mind the root of 2."""
    return (1 + _erf(z)) / 2 + z * _density(z)


@misconception
def function_of_another_width(z: Values) -> Values:
    """You took z * (1 + erf(z)) / 2 for the GELU, and differentiated that: in Phi, erf is taken at z / sqrt(2)."""
    return (1 + _erf(z)) / 2 + z * np.exp(-(z**2)) / np.sqrt(np.pi)


@misconception
def gelu_itself(z: Values) -> Values:
    """You took the GELU itself where its derivative is asked for."""
    return z * _below(z)


@misconception
def of_the_tanh_form(z: Values) -> Values:
    """You differentiated an approximation of the GELU, that with a tanh: near 1 it is off by some 1e-4, and far more in the
    left tail."""
    c = np.sqrt(2 / np.pi)
    t = np.tanh(c * (z + 0.044715 * z**3))
    return (1 + t) / 2 + z / 2 * (1 - t**2) * c * (1 + 3 * 0.044715 * z**2)


@misconception
def of_the_sigmoid_form(z: Values) -> Values:
    """You differentiated an approximation of the GELU, that with a sigmoid, which is off by some percent."""
    s = 1 / (1 + np.exp(-1.702 * z))
    return s + 1.702 * z * s * (1 - s)


@misconception
def of_the_silu(z: Values) -> Values:
    """You took the sigmoid for Phi: z * s(z) is another function, the SiLU."""
    s = 1 / (1 + np.exp(-z))
    return s + z * s * (1 - s)


@misconception
def of_the_relu(z: Values) -> Values:
    """That is the derivative of the ReLU, which jumps at 0: the GELU goes from slope 0 to slope 1 bit by bit."""
    return np.where(z > 0, 1.0, 0.0)


@oracle
def autograd(torch: Any, z: Any) -> Any:
    """PyTorch's gradient of the sum of its GELU: each depends on its own z alone."""
    return torch.autograd.functional.jacobian(lambda inputs: torch.nn.functional.gelu(inputs).sum(), z)


@derivative_of("z")
def total(z: Values) -> float:
    """Compute the sum of the GELU: its gradient is all their derivatives. By the complement of erf, exact in the left tail."""
    return np.sum(z * _erfc(-z / np.sqrt(2)) / 2)


equivalent = {
    "clip: below + z * density -> np.clip(below + z * density, -100, 100)": "never above 1.2",
}


derivation = """
Use the product rule:

    d gelu / dz = 1 * Phi(z) + z * dPhi/dz

Phi is the integral of phi from minus infinity to z. Move the end z by a little: the area grows by a strip as high as phi(z). So
dPhi/dz = phi(z), and the derivative is

    Phi(z) + z * phi(z)

The same comes of the other formula for Phi. With d erf(u) / du = 2 / sqrt(pi) * e**(-u**2), at u = z / sqrt(2), the chain rule
gives 1/2 * 2 / sqrt(pi) * e**(-z**2 / 2) / sqrt(2), which is phi(z): a half of Phi, a 2 of erf, and the inner derivative.

The first term goes from 0 to 1, like the slope of a ReLU with the step smoothed out. The second one is below 0 to the left, and
above 0 to the right. So the slope is negative for z < -0.75, where the GELU comes back up to 0 from below, and above 1 for some z
on the other side. Everywhere else on the left, too, it is not quite 0: no unit is dead for good.

The usual mistake is Phi(z) alone, as if Phi were a constant. Check it where it is furthest off, at z = 1 and z = -1:

    >>> gelu_grad(np.array([-1.0, 0.0, 1.0])).round(4).tolist()
    [-0.0833, 0.5, 1.0833]
    >>> ((1 + erf(np.array([-1.0, 0.0, 1.0]) / np.sqrt(2))) / 2).round(4).tolist()
    [0.1587, 0.5, 0.8413]
"""
