"""Hidden checks for tanh_grad_from_output(a): the derivative of the tanh from its output a, in the shape of a."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Values = float | NDArray[Any]

hints = [
    "Call the numerator of tanh(z) n, and its denominator d. What is the derivative of each of them? Then use the quotient"
    " rule.",
    "The derivative of n is d, and that of d is n. So the quotient rule leaves nothing but n / d, which is a, and a constant.",
]


def _values(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Draw outputs of both signs, off 0, where all slopes are alike, and off saturation."""
    return rng.uniform(0.2, 0.95, size=shape) * rng.permutation(np.resize([1.0, -1.0], shape).ravel()).reshape(shape)


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Values]:
    """gives 1 for the output 0, and 16/25 for the outputs 3/5 and -3/5"""
    yield 0.0
    yield np.array([-0.6, 0.0, 0.6])


@check(points=1.5)
def any_shape(rng: np.random.Generator) -> Iterator[Values]:
    """gives the derivative for one output or many, in the shape of a, the same for a and for -a"""
    yield rng.uniform(0.2, 0.8)
    yield -rng.uniform(0.2, 0.8)
    for shape in [(5,), (2, 3), (3, 3), (1,), (2, 1, 3)]:
        a = _values(rng, shape)
        yield a
        yield -a


@check(points=1, float64_only=True)
def saturated(rng: np.random.Generator) -> Iterator[Values]:
    """stays accurate where the output is close to 1 or to -1, and gives 0 where it is 1 or -1"""
    # Like values in a case: an absolute tolerance that suits a larger neighbour would let 0 pass here.
    yield 1 - rng.uniform(1e-7, 9e-7, size=3)
    yield rng.uniform(1e-7, 9e-7, size=2) - 1
    yield np.array([1.0, 0.5, -1.0])


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Values]:
    """does not write into a, and works in float32 as well"""
    yield _values(rng, (4,))
    yield _values(rng, (3, 2)).astype(np.float32)


@misconception
def rule_of_the_sigmoid(a: Values) -> Values:
    """That is the rule for the output of the sigmoid: there e**(-z) stands beside a 1, here beside e**z."""
    return a * (1 - a)


@misconception
def tanh_again(a: Values) -> Values:
    """a is the output already: the tanh is not applied to it once more."""
    return 1 - np.tanh(a) ** 2


@misconception
def not_squared(a: Values) -> Values:
    """Your slope falls as a grows, on both sides of 0: but tanh is odd, so its slope has to be the same at a and at -a."""
    return 1 - a


@misconception
def size_not_squared(a: Values) -> Values:
    """Your slope has a kink at a = 0, which a smooth function has nowhere: the quotient rule makes no absolute value."""
    return 1 - np.abs(a)


@misconception
def difference_squared(a: Values) -> Values:
    """The square belongs on a alone, not on the difference: (1-a)**2 is no even function of a, and the slope is one."""
    return (1 - a) ** 2


@misconception
def root_for_the_square(a: Values) -> Values:
    """The root is too much: that is how a sine and its slope belong together, and tanh is no sine."""
    return np.sqrt(1 - a**2)


@misconception
def plus_for_minus(a: Values) -> Values:
    """Your slope is largest where tanh is flat: mind the sign of the second term of the quotient rule."""
    return 1 + a**2


@misconception
def negative(a: Values) -> Values:
    """tanh is increasing, so its derivative cannot be negative: mind the order of the terms in the quotient rule."""
    return a**2 - 1


@misconception
def square_alone(a: Values) -> Values:
    """Your slope is 0 at z = 0, where tanh is steepest: the other term of the quotient rule is missing."""
    return a**2 + 0.0


@misconception
def slope_of_the_sigmoid(a: Values) -> Values:
    """Your slope is a quarter of the right one: that is the slope of a sigmoid which is neither stretched nor shifted."""
    return (1 - a**2) / 4


@misconception
def output_itself(a: Values) -> Values:
    """You took the tanh itself where its derivative is asked for."""
    return a + 0.0


@oracle
def autograd(torch: Any, a: Any) -> Any:
    """PyTorch's gradient of the sum of the tanh, at the pre-activation that gives the output a."""
    z = torch.atanh(torch.as_tensor(a, dtype=torch.float64))
    return torch.autograd.functional.jacobian(lambda inputs: torch.tanh(inputs).sum(), z)


def _atanh(a: Values) -> Values:
    with np.errstate(divide="ignore"):  # a saturated output has no finite pre-activation, and is skipped
        return np.arctanh(a)


@derivative_of("z", at=_atanh)
def total(z: Values) -> float:
    """Compute the sum of the tanh, at the pre-activations that give the outputs a."""
    return np.sum(np.tanh(z))


equivalent = {
    "clip: 1 - a ** 2 -> np.clip(1 - a ** 2, -100, 100)": "never above 1",
}


derivation = """
Write n for the numerator of tanh(z) and d for its denominator. Each is the derivative of the other:

    n = e**z - e**(-z)      dn/dz = e**z + e**(-z) = d
    d = e**z + e**(-z)      dd/dz = e**z - e**(-z) = n

So the quotient rule has little to do:

    da/dz = (d * d - n * n) / d**2 = 1 - (n / d)**2 = 1 - a**2

As for the sigmoid, the way back needs neither z nor an exponential. At a = 0 the slope is 1, its largest; at a = 1 and a = -1 it
is 0. The slope depends on a**2 alone, since tanh is odd. And tanh is a sigmoid, stretched and shifted: tanh(z) = 2 * s(2 * z) - 1.
Both 2 come into the slope, so at z = 0 it is 4 times 1/4.

The usual mistake is a * (1 - a), the rule for the sigmoid. It gives 0 at a = 0, where tanh is steepest:

    >>> float(tanh_grad_from_output(0.0)), round(float(tanh_grad_from_output(0.6)), 12)
    (1.0, 0.64)
"""
