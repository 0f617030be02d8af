"""Hidden checks for relu_backward(dout, z): the gradient of the loss with respect to the pre-activations z, shape (N,
H)."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks

Array = NDArray[Any]
Pair = tuple[Array, Array]

hints = [
    "Take one entry: by the chain rule, its gradient is the upstream gradient times the derivative of relu at its z.",
    "That derivative is 1 or 0: each entry of dout either passes unchanged, whatever its sign, or is blocked.",
    "The forward input z decides which: build a mask of 0s and 1s from z alone and multiply it with dout.",
]


def _pair(rng: np.random.Generator, N: int, H: int) -> Pair:
    """Draw gradients and pre-activations of both signs in every combination, none close to 0, none of size 1."""
    signs = np.resize([[1, 1], [-1, 1], [1, -1], [-1, -1]], (N * H, 2))
    dout, z = (rng.uniform(1.2, 3.0, size=(N * H, 2)) * rng.permutation(signs)).T
    return dout.reshape(N, H), z.reshape(N, H)


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Pair]:
    """gives the gradient for a batch of two samples that can be done on paper"""
    yield np.array([[-2.0, 5.0, 4.0], [3.0, -6.0, -1.0]]), np.array([[3.0, -1.0, 2.0], [0.0, -2.0, 0.5]])


@check(points=2.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Pair]:
    """gives the gradient for any number of samples and units, also for a single sample or a single unit"""
    for N, H in [(4, 3), (2, 7), (3, 3), (1, 5), (6, 1)]:
        yield _pair(rng, N, H)


@check(points=1)
def scaled(rng: np.random.Generator) -> Iterator[Pair]:
    """grows with the upstream gradient in proportion, and does not change when z grows"""
    dout, z = _pair(rng, 3, 4)
    yield dout, z
    yield -2.5 * dout, z
    yield 1e200 * dout, z
    yield 1e-15 * dout, z
    yield dout, 1000 * z
    order = rng.permutation(3)
    yield dout[order], z[order]


@check(points=1)
def edges(rng: np.random.Generator) -> Iterator[Pair]:
    """blocks the gradient where z is exactly 0; passes everything where all units are active, nothing where none is"""
    dout, z = _pair(rng, 2, 5)
    z[0, :3] = 0.0
    z[1, :2] = 1e-12, -1e-12
    yield dout, z
    dout, z = _pair(rng, 3, 2)
    yield dout, 1e300 * z
    dout, z = _pair(rng, 4, 2)
    yield dout, np.abs(z)
    yield dout, -np.abs(z)


@check(points=0.5, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Pair]:
    """does not write into dout or z, and works in float32 as well"""
    yield _pair(rng, 3, 5)
    dout, z = _pair(rng, 5, 2)
    yield dout.astype(np.float32), z.astype(np.float32)


@misconception
def gate_by_the_gradient(dout: Array, z: Array) -> Array:
    """You blocked the entries where the upstream gradient is negative; the gate is decided by the forward input z."""
    return dout * (dout > 0)


@misconception
def both_gates(dout: Array, z: Array) -> Array:
    """z alone decides the gate: negative upstream gradients must pass through active units."""
    return dout * (dout > 0) * (z > 0)


@misconception
def upstream_dropped(dout: Array, z: Array) -> Array:
    """That is the derivative of relu alone; the chain rule multiplies it by the upstream gradient dout."""
    return (z > 0).astype(float)


def _with_mask(mask: Callable[[Array], Array], dout: Array, z: Array) -> Array:
    return dout * mask(z)


wrong_masks = masks(_with_mask)


@misconception
def product_of_matrices(dout: Array, z: Array) -> Array:
    """You multiplied matrices: relu acts on each entry by itself, and so each gradient meets the gate in its own place."""
    return dout @ (z > 0).T


@misconception
def one_gate_for_the_batch(dout: Array, z: Array) -> Array:
    """You opened a unit's gate for all samples where one of them is active: each sample has gates of its own."""
    return dout * (z > 0).any(axis=0)


@misconception
def gate_and_gradient_swapped(dout: Array, z: Array) -> Array:
    """The two change places in yours: what passes is dout, and what decides whether it passes is z."""
    return z * (dout > 0)


@oracle
def autograd(torch: Any, dout: Any, z: Any) -> Any:
    """PyTorch's product of the upstream gradient with the Jacobian of ReLU."""
    return torch.autograd.functional.vjp(torch.relu, z, dout)[1]


@derivative_of("z", upstream="dout")
def activation(z: Array) -> Array:
    """Compute the ReLU of each element."""
    return np.maximum(z, 0.0)


derivation = """
One entry of z reaches the loss through one entry of the output. So the chain rule has one term for each entry:

    dloss / dz[n, k] = dout[n, k] * relu'(z[n, k]) = dout[n, k] * (1 if z[n, k] > 0 else 0)

A factor of 1 passes the upstream gradient on as it is, and a factor of 0 blocks it. So relu is a gate: it was opened or
closed on the way forward, by z, and the way back only finds it open or closed. `np.where(z > 0, dout, 0.0)` says just that.
(`dout * (z > 0)` is the same product. It makes -0.0 of a blocked negative number, and nan of a blocked infinite one.)

Nothing is summed: z and the output have the same shape, and each entry has its own gate. At z = 0 the gate is closed, since
relu'(0) = 0 in this course.

The usual mistake is to let the sign of `dout` decide, as in `np.maximum(dout, 0)`. A negative upstream gradient is not
blocked. It only says that the loss falls when this output grows, and that has to be passed on like any other.

    >>> relu_backward(np.array([[-2.0, -2.0, 5.0]]), np.array([[3.0, -1.0, 0.0]])).tolist()
    [[-2.0, 0.0, 0.0]]
"""
