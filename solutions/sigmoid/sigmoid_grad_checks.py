"""Hidden checks for sigmoid_grad(z): the derivative of the sigmoid with respect to its pre-activation, in the shape of
z."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle
from grader.course.checks import Misconception

from ..slips import sigmoid, slopes

Values = float | NDArray[np.float64]

hints = [
    "Differentiate 1 / (1 + e**(-z)) with respect to z with the quotient rule. Can you write the result in terms of "
    "s(z) alone?",
    "The derivative is a product of two factors: s(z), and what s(z) lacks to 1. Evaluate the sigmoid once, at z.",
    "For large z, 1 - s(z) loses its digits; for very negative z, e**(-z) overflows. The derivative is the same at z "
    "and at -z, so you may work with e**(-|z|), which is never above 1.",
]


def _moderate(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Draw values of both signs, off 0 and far from saturation."""
    return rng.uniform(0.5, 4.0, size=shape) * rng.permutation(np.resize([1.0, -1.0], shape).ravel()).reshape(shape)


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Values]:
    """gives 1/4 at 0 and 3/16 at ln 3 and -ln 3"""
    yield 0.0
    yield float(np.log(3))
    yield np.array([-np.log(3), 0.0, np.log(3)])


@check(points=1)
def moderate_values(rng: np.random.Generator) -> Iterator[Values]:
    """gives the derivative at moderate z of either sign, one or many at a time"""
    yield rng.uniform(1.0, 4.0)
    yield -rng.uniform(1.0, 4.0)
    yield _moderate(rng, (5,))


@check(points=1.5)
def any_shape(rng: np.random.Generator) -> Iterator[Values]:
    """works element by element and keeps the shape of z"""
    for shape in [(2, 3), (3, 3), (4, 1), (1,), (2, 1, 3)]:
        yield _moderate(rng, shape)


@check(points=1)
def large_z(rng: np.random.Generator) -> Iterator[Values]:
    """stays accurate where the sigmoid saturates at 1"""
    # Like values in a case: an absolute tolerance that suits a larger neighbour would let 0 pass here.
    yield np.array([10.0, 10.5])
    yield np.array([rng.uniform(12.0, 17.0)])
    yield np.array([19.5, 20.0])
    yield np.array([22.5, 23.0])


@check(points=1)
def very_negative_z(rng: np.random.Generator) -> Iterator[Values]:
    """stays accurate where the sigmoid saturates at 0"""
    yield np.array([-20.0, -20.5])
    yield np.array([-rng.uniform(25.0, 35.0)])
    yield np.array([-39.5, -40.0])


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Values]:
    """does not write into z"""
    yield _moderate(rng, (4,))


@misconception
def dot_product(z: Values) -> Values:
    """np.dot sums over elements; the derivative is taken element by element, use *."""
    return np.dot(sigmoid(z), 1 - sigmoid(z))


def _with_slope(slope: Callable[[Values], Values], z: Values) -> Values:
    return slope(z)


wrong_slopes = slopes(_with_slope)


def _differences_with(step: float) -> Misconception:
    def central_differences(z: Values) -> Values:
        """You took differences in place of the derivative: for large z the sigmoids of z + h and z - h are so near to 1 that
        little is left of their difference."""
        return (sigmoid(z + step) - sigmoid(z - step)) / (2 * step)

    central_differences.__name__ += f"_{step:.0e}".replace("-", "")
    return misconception(central_differences)


differences = tuple(map(_differences_with, (1e-4, 1e-5, 1e-6)))


@oracle
def autograd(torch: Any, z: Any) -> Any:
    """PyTorch's gradient of the sum of the sigmoids: their derivatives, since each depends on its own z alone."""
    return torch.autograd.functional.jacobian(
        lambda inputs: torch.sigmoid(inputs).sum(), torch.as_tensor(z, dtype=torch.float64)
    )


@derivative_of("z")
def total(z: Values) -> float:
    """Compute the sum of the sigmoids: each depends on its own z alone, so its gradient is all their derivatives."""
    return np.sum(sigmoid(z))


equivalent = {
    "clip: e / (1 + e) ** 2 -> np.clip(e / (1 + e) ** 2, -100, 100)": "never above 1/4",
    "flip sign: -np.abs(z) -> np.abs(z)": "the derivative is even; with exp(|z|) it overflows only beyond |z| = 700",
}


derivation = """
Write s(z) = 1 / u(z) with u(z) = 1 + e**(-z), and use the chain rule:

    ds/dz = -u**-2 * du/dz = -u**-2 * (-e**(-z)) = e**(-z) / (1 + e**(-z))**2

As 1 / u = s and e**(-z) / u = 1 - s, this is the product that everybody knows, s * (1 - s).

On paper the two forms are equal, in floating point they are not. For large z, s is so close to 1 that 1 - s keeps only a
few of its digits, and from z = 37 on none:

    >>> s = 1 / (1 + np.exp(-37.0))
    >>> float(s * (1 - s))
    0.0
    >>> float(sigmoid_grad(37.0)) > 8e-17
    True

The other form subtracts nothing. But for very negative z its e**(-z) overflows. The derivative is an even function,
s'(-z) = s'(z), so put |z| in the place of z: the exponential is then at most 1.

The usual mistake is z * (1 - z). The short product is made of the output s, and not of z: at z = 0 it has to give 1/4.
"""
