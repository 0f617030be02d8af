"""Hidden checks for sigmoid_grad(z): the derivative of the sigmoid by its pre-activation, in the shape of z."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Values = float | NDArray[np.float64]

hints = [
    "Differentiate 1 / (1 + e**(-z)) by z with the quotient rule. Can you write the result in terms of s(z) alone?",
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


@check(points=1)
def any_shape(rng: np.random.Generator) -> Iterator[Values]:
    """works element by element and keeps the shape of z"""
    for shape in [(2, 3), (3, 3), (4, 1), (1,), (2, 1, 3)]:
        yield _moderate(rng, shape)


@check(points=1)
def large_z(rng: np.random.Generator) -> Iterator[Values]:
    """stays accurate where the sigmoid saturates at 1"""
    # One value a case: an absolute tolerance that suits a larger neighbour would let 0 pass here.
    yield 10.0
    yield rng.uniform(12.0, 17.0)
    yield 20.0


@check(points=1)
def very_negative_z(rng: np.random.Generator) -> Iterator[Values]:
    """stays accurate where the sigmoid saturates at 0"""
    yield -20.0
    yield -rng.uniform(25.0, 35.0)
    yield -40.0


@check(points=1, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Values]:
    """does not write into z"""
    yield _moderate(rng, (4,))


def _sigmoid(z: Values) -> Values:
    return 1 / (1 + np.exp(-z))


@misconception
def sigmoid_of_one_minus_z(z: Values) -> Values:
    """You wrote s(z)*s(1-z): the 1 belongs outside the sigmoid, as in s(z)*(1-s(z))."""
    return _sigmoid(z) * _sigmoid(1 - z)


@misconception
def takes_z_for_the_output(z: Values) -> Values:
    """z*(1-z) is only right for the sigmoid's output; here z is the pre-activation: apply the sigmoid first."""
    return z * (1 - z)


@misconception
def one_minus_z(z: Values) -> Values:
    """The second factor must be 1-s(z), not 1-z."""
    return _sigmoid(z) * (1 - z)


@misconception
def double_sigmoid(z: Values) -> Values:
    """The sigmoid was applied twice: evaluate s(z) once and use that value in s*(1-s)."""
    s = _sigmoid(_sigmoid(z))
    return s * (1 - s)


@misconception
def missing_square(z: Values) -> Values:
    """exp(-z)/(1+exp(-z)) is 1-s(z); the denominator of the derivative is squared."""
    return np.exp(-z) / (1 + np.exp(-z))


@misconception
def square_misplaced(z: Values) -> Values:
    """The square belongs on the whole (1+exp(-z)), not on exp(-z)."""
    return np.exp(-z) / (1 + np.exp(-z) ** 2)


@misconception
def subtracted_factors(z: Values) -> Values:
    """The two factors s and 1-s are multiplied, not subtracted."""
    return _sigmoid(z) - (1 - _sigmoid(z))


@misconception
def tanh_rule(z: Values) -> Values:
    """1-a**2 is the derivative of tanh; that of the sigmoid is a*(1-a)."""
    return 1 - _sigmoid(z) ** 2


@misconception(public=True)
def negative(z: Values) -> Values:
    """The sigmoid is increasing, so its derivative cannot be negative: check the sign of the inner derivative."""
    return -_sigmoid(z) * (1 - _sigmoid(z))


@misconception(public=True)
def dot_product(z: Values) -> Values:
    """np.dot sums over elements; the derivative is taken element by element, use *."""
    return np.dot(_sigmoid(z), 1 - _sigmoid(z))


@oracle
def autograd(torch: Any, z: Any) -> Any:
    """PyTorch's gradient of the sum of the sigmoids: their derivatives, since each depends on its own z alone."""
    return torch.autograd.functional.jacobian(
        lambda inputs: torch.sigmoid(inputs).sum(), torch.as_tensor(z, dtype=torch.float64)
    )


@derivative_of("z")
def total(z: Values) -> float:
    """Compute the sum of the sigmoids: each depends on its own z alone, so its gradient is all their derivatives."""
    return np.sum(_sigmoid(z))


equivalent = {
    "clip: e / (1 + e) ** 2 -> np.clip(e / (1 + e) ** 2, -100, 100)": "never above 1/4",
    "flip sign: -np.abs(z) -> np.abs(z)": "the derivative is even; with exp(|z|) it overflows only beyond |z| = 700",
}
