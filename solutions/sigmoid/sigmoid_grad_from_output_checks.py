"""Hidden checks for sigmoid_grad_from_output(a): the derivative of the sigmoid from its output a, in the shape of a."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, oracle

from ..slips import sigmoid, slopes_of_the_output

Values = float | NDArray[Any]

hints = [
    "Write the derivative of the sigmoid in terms of s(z) alone, without e**(-z). Where does a stand in that formula?",
    "a already is s(z): there is no exponential left to compute. The derivative is a product of two factors, a and "
    "what it lacks to 1.",
]


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Values]:
    """gives 1/4 for the output 1/2, and 3/16 for the outputs 1/4 and 3/4"""
    yield 0.5
    yield np.array([0.25, 0.5, 0.75])


@check(points=1.5)
def any_shape(rng: np.random.Generator) -> Iterator[Values]:
    """gives the derivative for one output or many, in the shape of a, the same for a and for 1 - a"""
    yield rng.uniform(0.1, 0.4)
    yield rng.uniform(0.6, 0.9)
    for shape in [(5,), (2, 3), (3, 3), (1,), (2, 1, 3)]:
        a = rng.uniform(0.05, 0.95, size=shape)
        yield a
        yield 1 - a


@check(points=1, float64_only=True)
def saturated(rng: np.random.Generator) -> Iterator[Values]:
    """stays accurate where the output is close to 0 or to 1, and gives 0 where it is 0 or 1"""
    # Like values in a case: an absolute tolerance that suits a larger neighbour would let 0 pass here.
    yield rng.uniform(1e-13, 9e-13, size=2)
    yield rng.uniform(1e-6, 1e-5, size=3)
    yield 1 - rng.uniform(1e-6, 1e-5, size=2)
    yield np.array([0.0, 0.5, 1.0])


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Values]:
    """does not write into a, and works in float32 as well"""
    yield rng.uniform(0.1, 0.9, size=4)
    yield rng.uniform(0.1, 0.9, size=(3, 2)).astype(np.float32)


def _with_slope(slope: Callable[[Values], Values], a: Values) -> Values:
    return slope(a)


wrong_slopes = slopes_of_the_output(_with_slope)


@oracle
def autograd(torch: Any, a: Any) -> Any:
    """PyTorch's gradient of the sum of the sigmoids, at the pre-activation that gives the output a."""
    z = torch.logit(torch.as_tensor(a, dtype=torch.float64))
    return torch.autograd.functional.jacobian(lambda inputs: torch.sigmoid(inputs).sum(), z)


def _logit(a: Values) -> Values:
    with np.errstate(divide="ignore"):  # a saturated output has no finite pre-activation, and is skipped
        return np.log(a / (1 - a))


@derivative_of("z", at=_logit)
def total(z: Values) -> float:
    """Compute the sum of the sigmoids, at the pre-activations that give the outputs a."""
    return np.sum(sigmoid(z))


equivalent = {
    "clip: a * (1 - a) -> np.clip(a * (1 - a), -100, 100)": "never above 1/4",
}


derivation = """
The definition gives a in terms of z. Turn it round, so that the exponential can be put in terms of a:

    a = 1 / (1 + e**(-z))     so     1 + e**(-z) = 1 / a     and     e**(-z) = 1 / a - 1 = (1 - a) / a

Differentiate with respect to z with the chain rule, then put that in:

    da/dz = e**(-z) / (1 + e**(-z))**2  =  (1 - a) / a * a**2  =  a * (1 - a)

So the slope needs neither z nor an exponential. That is why a layer keeps its output: the way back costs one subtraction and
one product for each entry. At a = 0 and at a = 1 the slope is 0, and it is largest, 1/4, in the middle, at a = 1/2.

Here 1 - a is not what loses digits: the difference of 1 and a float between 1/2 and 1 is exact. Where z was large, they were
lost before, when a was rounded to a float near 1. A function that still has z can do better, see `sigmoid_grad`.

The usual mistake is to apply the sigmoid once more, s(a) * (1 - s(a)). That is the slope at the point a, as if a were z. But
a is already the output. At z = 0 the right value is 1/4:

    >>> float(sigmoid_grad_from_output(0.5)), float(sigmoid_grad_from_output(1.0))
    (0.25, 0.0)
"""
