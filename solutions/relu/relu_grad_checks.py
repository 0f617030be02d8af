"""Hidden checks for relu_grad(z): the derivative of ReLU with respect to its pre-activation, 0 at the kink, in the
shape of z."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks

Values = float | NDArray[Any]

hints = [
    "Draw relu. How steep is it to the left of 0, and how steep to the right? Does it matter how far from 0 you are?",
    "The answer is 1 where z is above 0, and 0 elsewhere: a comparison of z with 0, turned into numbers.",
]


def _mixed(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Draw values of both signs, some closer to 0 than 1/2, none close to the kink."""
    sizes = np.resize([0.2, 0.2, 1.0, 1.0], shape) * rng.uniform(0.5, 2.0, size=shape)
    return sizes * np.resize([1.0, -1.0], shape)


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Values]:
    """gives the slopes at 4, at -3, at the kink and at several z"""
    yield 4.0
    yield -3.0
    yield 0.0
    yield np.array([-2.0, 0.0, 3.0, -0.5])


@check(points=1.5)
def any_shape(rng: np.random.Generator) -> Iterator[Values]:
    """works element by element, keeps the shape of z, and depends on the signs alone"""
    for shape in [(5,), (2, 3), (3, 3), (4, 1), (1,), (2, 1, 3)]:
        z = _mixed(rng, shape)
        yield z
        yield z * 1000


@check(points=1)
def at_the_kink(rng: np.random.Generator) -> Iterator[Values]:
    """gives 0 where z is exactly 0, and the right slope however close to 0"""
    yield np.array([0.0, 2.0, -0.0, -2.0])
    yield np.array([1e-12, -1e-12, 1e-300, -1e-300])
    yield np.array([1e300, -1e300, 0.4])


@check(points=0.5, readonly=True)
def all_active_or_none(rng: np.random.Generator) -> Iterator[Values]:
    """is right where all z are positive and where none is, in float32 as well, and does not write into z"""
    z = np.abs(_mixed(rng, (3, 2)))
    yield z
    yield -z
    yield _mixed(rng, (6,)).astype(np.float32)


@misconception
def kink_at_one_half(z: Values) -> Values:
    """The kink is at 0, not at 1/2."""
    return np.where(np.asarray(z) > 0.5, 1.0, 0.0)


@misconception
def clipped_value(z: Values) -> Values:
    """You clipped z itself between 0 and 1: a slope does not grow with z, it is the same for every z above 0."""
    return np.clip(z, 0.0, 1.0)


def _with_mask(mask: Callable[[Values], Values], z: Values) -> Values:
    return mask(z)


wrong_masks = masks(_with_mask)


@oracle
def autograd(torch: Any, z: Any) -> Any:
    """PyTorch's gradient of the sum of the outputs: their derivatives, since each depends on its own z alone."""
    return torch.autograd.functional.jacobian(
        lambda inputs: torch.relu(inputs).sum(), torch.as_tensor(z, dtype=torch.float64)
    )


@derivative_of("z")
def total(z: Values) -> float:
    """Compute the sum of the outputs: each depends on its own z alone, so its gradient is all their derivatives."""
    return np.sum(np.maximum(z, 0.0))


equivalent = {
    "clip: np.where(z > 0, 1.0, 0.0) -> np.clip(np.where(z > 0, 1.0, 0.0), -100, 100)": "0 or 1",
    "round: np.where(z > 0, 1.0, 0.0) -> np.round(np.where(z > 0, 1.0, 0.0), decimals=6)": "0 or 1",
}


derivation = """
Look at the two sides of the kink on their own:

    z > 0:    relu(z) = z,    a line with the slope 1
    z < 0:    relu(z) = 0,    a line with the slope 0

At z = 0 the two lines meet. From the right the slope is 1, from the left it is 0: they differ, so there is no derivative. A
program has to return something, and any number from 0 to 1 can be defended. This course takes 0, as PyTorch does. So the
point 0 goes with the left side: the test is `z > 0`, and not `z >= 0`.

`np.where(z > 0, 1.0, 0.0)` asks each entry, and gives floats. It works for one number and for an array of any shape, and the
shape stays.

The usual mistake is `z >= 0`. For random inputs nobody sees it, as none of them is exactly 0. But zeros do occur: a unit
whose inputs are all 0 and whose bias starts at 0 has z = 0 exactly, and then the convention decides whether
its bias learns.

(Another: to return `np.maximum(z, 0)`. That is relu itself. At z = 4 it gives 4, and the slope there is 1.)

    >>> relu_grad(np.array([-2.0, 0.0, 4.0])).tolist()
    [0.0, 0.0, 1.0]
"""
