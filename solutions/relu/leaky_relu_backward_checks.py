"""Hidden checks for leaky_relu_backward(dout, z, alpha): an upstream gradient, back through the leaky ReLU."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.floating[Any]]
Step = tuple[Array, Array, float]

hints = [
    "On each side of 0 the function is a straight line. What are the two slopes, and which of them holds at 0 here?",
    "The slope says how much of the upstream gradient gets through. What decides about it: dout, or z?",
]


def _step(rng: np.random.Generator, N: int, H: int) -> tuple[Array, Array]:
    """Draw dout and z with all four pairs of signs, nothing near 0."""
    while True:
        dout, z = (rng.uniform(0.2, 2.0, (N, H)) * rng.choice([-1.0, 1.0], (N, H)) for _ in range(2))
        if len(set(zip((dout > 0).flat, (z > 0).flat, strict=True))) == 4:
            return dout, z


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Step]:
    """gives the gradient for z = [[3, -2]], dout = [[5, 5]] and alpha = 0.1"""
    yield np.array([[5.0, 5.0]]), np.array([[3.0, -2.0]]), 0.1


@check(points=2)
def any_size(rng: np.random.Generator) -> Iterator[Step]:
    """works for batches of any size, for z and dout of either sign, and for any slope"""
    yield *_step(rng, 3, 4), float(rng.uniform(0.1, 0.2))
    yield *_step(rng, 5, 2), float(rng.uniform(0.3, 0.6))
    yield *_step(rng, 1, 7), float(rng.uniform(0.7, 0.8))


@check(points=1)
def at_the_kink(rng: np.random.Generator) -> Iterator[Step]:
    """takes the slope at z = 0 as alpha"""
    for alpha in (0.2, 0.6):
        dout, z = _step(rng, 3, 3)
        z[0, 0], z[2, 1] = 0.0, -0.0
        yield dout, z, alpha


@check(points=0.5)
def other_slopes(rng: np.random.Generator) -> Iterator[Step]:
    """is the plain ReLU's for alpha = 0, hands everything on for alpha = 1, and takes a slope as tiny as 1e-9"""
    dout, z = _step(rng, 2, 5)
    yield dout, z, 0.0
    yield dout, z, 1.0
    yield dout, -np.abs(z), 1e-9


@check(points=0.5, readonly=True)
def scaled(rng: np.random.Generator) -> Iterator[Step]:
    """stays accurate for tiny and huge gradients and in float32, and writes into neither dout nor z"""
    dout, z = _step(rng, 4, 3)
    yield 1e-9 * dout, z, 0.3
    yield 1e9 * dout, 1e-99 * z, 0.3
    yield dout.astype(np.float32), z.astype(np.float32), 0.25


@misconception
def plain_relu(dout: Array, z: Array, alpha: float) -> Array:
    """That is the plain ReLU, which blocks everything where z <= 0: here a part of the gradient leaks through."""
    return np.where(z > 0, dout, 0.0)


@misconception
def slope_alone(dout: Array, z: Array, alpha: float) -> Array:
    """That is the slope: the gradient of the loss begins with dout."""
    return np.where(z > 0, 1.0, alpha)


@misconception
def gate_on_dout(dout: Array, z: Array, alpha: float) -> Array:
    """You took the slope from the sign of dout: z decides which line the unit is on."""
    return np.where(dout > 0, dout, alpha * dout)


@misconception
def both_positive(dout: Array, z: Array, alpha: float) -> Array:
    """A negative upstream gradient passes an active unit whole, too: only z decides."""
    return np.where((z > 0) & (dout > 0), dout, alpha * dout)


@misconception
def output_on_the_left(dout: Array, z: Array, alpha: float) -> Array:
    """On the left of 0 you multiplied by the unit's output: asked is its slope, which is the same all along the line."""
    return np.where(z > 0, dout, dout * alpha * z)


@misconception
def outputs_for_slopes(dout: Array, z: Array, alpha: float) -> Array:
    """You multiplied dout by the outputs: asked are their slopes."""
    return dout * np.where(z > 0, z, alpha * z)


@misconception
def outputs_themselves(dout: Array, z: Array, alpha: float) -> Array:
    """Those are the outputs of the way forward: on the way back, z only decides about the slope."""
    return np.where(z > 0, z, alpha * z)


@misconception
def upstream_missing_on_the_left(dout: Array, z: Array, alpha: float) -> Array:
    """On the left of 0 you handed back the slope alone: there, too, the upstream gradient goes through it."""
    return np.where(z > 0, dout, alpha)


@misconception
def whole_at_the_kink(dout: Array, z: Array, alpha: float) -> Array:
    """At z = 0 this exercise takes the slope as alpha: that point belongs to the left line."""
    return np.where(z >= 0, dout, alpha * dout)


@misconception
def nothing_at_the_kink(dout: Array, z: Array, alpha: float) -> Array:
    """At z = 0 you pass nothing back: it was the plain ReLU that had the slope 0 there."""
    return dout * (np.where(z > 0, 1.0, 0.0) + np.where(z < 0, alpha, 0.0))


@misconception
def alpha_everywhere(dout: Array, z: Array, alpha: float) -> Array:
    """You leaked everywhere: an active unit passes its gradient on whole."""
    return alpha * dout


@misconception
def everything_passed(dout: Array, z: Array, alpha: float) -> Array:
    """You handed everything on: where z <= 0, the slope is alpha, not 1."""
    return dout + 0.0


@misconception
def sides_exchanged(dout: Array, z: Array, alpha: float) -> Array:
    """The two sides have changed places: the unit leaks where it is not active."""
    return np.where(z > 0, alpha * dout, dout)


@misconception
def negative_leak(dout: Array, z: Array, alpha: float) -> Array:
    """The leak has the wrong sign: the line rises on the left as well, as z and its output are both negative there."""
    return np.where(z > 0, dout, -alpha * dout)


@misconception
def usual_slope(dout: Array, z: Array, alpha: float) -> Array:
    """You took 0.01 for the slope, out of habit: it is given, as alpha."""
    return np.where(z > 0, dout, 0.01 * dout)


@misconception
def slopes_added(dout: Array, z: Array, alpha: float) -> Array:
    """You added alpha on both sides: an active unit has the slope 1, and not more."""
    return dout * (np.where(z > 0, 1.0, 0.0) + alpha)


@oracle
def autograd(torch: Any, dout: Any, z: Any, alpha: float) -> Any:
    """PyTorch's own leaky ReLU."""
    return torch.autograd.functional.vjp(lambda z: torch.nn.functional.leaky_relu(z, alpha), z, dout)[1]


@derivative_of("z", upstream="dout")
def forward(z: Array, alpha: float) -> Array:
    """Compute the outputs."""
    return np.where(z > 0, z, alpha * z)


derivation = """
The leaky ReLU is made of two lines, and each has one slope:

    z > 0:     f(z) = z            slope 1
    z <= 0:    f(z) = alpha * z    slope alpha

At z = 0 the slopes differ, so the task has to choose, and chooses alpha: the point belongs to the left line. Hence the test
`z > 0`. Each entry of z reaches the loss through its own output alone, so the chain rule has one term:

    dloss / dz[n, k] = dout[n, k] * f'(z[n, k])

In code: `dout * np.where(z > 0, 1.0, alpha)`. Nothing is summed, and the shape stays. The choice between the slopes is made
with z, which line the unit was on going forward. The upstream gradient is then multiplied by the slope, whatever its sign.

With alpha = 0 this is the plain ReLU, with alpha = 1 nothing happens at all. In between, a unit that is never active still
gets alpha times its gradient, so that it can move back.

The usual mistake is to use the output on the left: `np.where(z > 0, dout, alpha * z)` or `dout * alpha * z`. A slope is a
constant along a line: it does not grow with the distance from 0.

    >>> leaky_relu_backward(np.full((1, 4), 5.0), np.array([[3.0, 0.0, -2.0, -200.0]]), 0.1).tolist()
    [[5.0, 0.5, 0.5, 0.5]]
"""
