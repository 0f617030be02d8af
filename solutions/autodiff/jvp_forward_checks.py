"""Hidden checks for jvp_forward(params, x, u): the output of a net, and its derivative along u, on the way forward."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks

Array = NDArray[np.float64]
Params = list[tuple[Array, Array]]
Net = tuple[Params, Array, Array]
Pair = tuple[Array, Array]

hints = [
    "Carry two arrays through the loop, a value and its tangent. What does each step, a product, a sum, a relu, do to the"
    " tangent of what goes into it?",
    "A linear step does to a tangent what it does to a value, but for what it adds: how fast does a constant change? A relu"
    " passes the tangent of a unit on where the unit is active, which its VALUE says.",
]


def _net(rng: np.random.Generator, *sizes: int) -> Net:
    """Draw a net in whose layers all four kinds of units are: active or dead, with a tangent above or below 0."""
    while True:
        params = [(rng.normal(size=(m, n)), rng.normal(size=m)) for n, m in zip(sizes[:-1], sizes[1:], strict=True)]
        x, u = rng.normal(size=sizes[0]), rng.normal(size=sizes[0])
        zs, dzs = _tangents(params, x, u)
        kinds = all(
            ((z > 0) & (dz < 0)).any() and ((z < 0) & (dz > 0)).any() and (z > 0).any() and np.abs(z).min() > 0.02
            for z, dz in zip(zs[:-1], dzs[:-1], strict=True)
        )
        biased = all(((z > 0) != (z - b > 0)).any() for z, (_, b) in zip(zs[:-1], params, strict=False))
        if kinds and biased and np.abs(dzs[-1]).min() > 0.05:
            return params, x, u


@check(parts={"y": 0, "dy": 0}, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Net]:
    """gives (13, 60) for y = 3 relu(2 x - 1) + 4 at x = 2 along u = 10, and 0 for dy where the unit is dead"""
    params = [(np.array([[2.0]]), np.array([-1.0])), (np.array([[3.0]]), np.array([4.0]))]
    yield params, np.array([2.0]), np.array([10.0])
    yield params, np.array([-2.0]), np.array([10.0])


@check(parts={"y": 0.5, "dy": 1})
def one_hidden_layer(rng: np.random.Generator) -> Iterator[Net]:
    """gives y and dy for nets with one hidden layer, of any sizes"""
    for sizes in [(3, 6, 2), (2, 5, 4), (4, 7, 1)]:
        yield _net(rng, *sizes)


@check(parts={"y": 0.5, "dy": 1})
def any_depth(rng: np.random.Generator) -> Iterator[Net]:
    """gives y and dy for nets with one layer, and with two and three hidden ones"""
    for sizes in [(3, 2), (3, 6, 5, 2), (2, 5, 7, 6, 3)]:
        yield _net(rng, *sizes)


@check(parts={"y": 0, "dy": 0.5})
def equal_sizes(rng: np.random.Generator) -> Iterator[Net]:
    """gives y and dy where all sizes are the same, so that a wrong product has the right shape; and where all are 1"""
    yield _net(rng, 5, 5, 5, 5)
    yield _net(rng, 4, 4, 4)
    ones = [(rng.uniform(0.5, 2.0, size=(1, 1)), rng.uniform(0.5, 2.0, size=1)) for _ in range(3)]
    yield ones, np.array([1.5]), np.array([-0.5])


@check(parts={"y": 0, "dy": 0.5})
def at_a_kink(rng: np.random.Generator) -> Iterator[Net]:
    """passes no tangent through a unit whose pre-activation is exactly 0"""
    for sign in (1.0, -1.0):
        # Whole numbers: unit 0 is at its kink, unit 1 is active, unit 2 dead.
        W, b = np.array([[1.0, -2.0], [3.0, 1.0], [-1.0, 1.0]]), np.array([0.0, 1.0, -1.0])
        yield (
            [(W, b), (rng.uniform(0.5, 2.0, size=(2, 3)), rng.normal(size=2))],
            np.array([2.0, 1.0]),
            sign * np.array([1.0, -0.5]),
        )


@check(parts={"y": 0, "dy": 1})
def any_length_of_u(rng: np.random.Generator) -> Iterator[Net]:
    """is linear in u: the gates are those at x, however far u reaches, and however short it is"""
    params, x, u = _net(rng, 3, 6, 4, 2)
    for scale in (1e6, -1e6, 1e-12, 1e-150):
        yield params, x, scale * u


@check(parts={"y": 0.5, "dy": 0.5}, readonly=True)
def large_and_left_alone(rng: np.random.Generator) -> Iterator[Net]:
    """does not write into its arguments, and takes pre-activations and outputs of any magnitude"""
    params, x, u = _net(rng, 2, 6, 3)
    (W1, b1), (W2, b2) = params
    yield params, x, u
    yield [(1e4 * W1, 1e4 * b1), (W2, b2)], x, u
    # Units that are barely active are active: no tolerance is asked.
    yield [(2.0**-50 * W1, 2.0**-50 * b1), (2.0**50 * W2, b2)], x, u
    for scale in (1e-9, 1e5):
        yield [(W1, b1), (scale * W2, scale * b2)], x, u


def _tangents(params: Params, x: Array, u: Array) -> tuple[list[Array], list[Array]]:
    """Return all pre-activations, and their tangents."""
    zs, dzs = [], []
    a, da = x, u
    for W, b in params:
        zs.append(W @ a + b)
        dzs.append(W @ da)
        a, da = np.maximum(zs[-1], 0), dzs[-1] * (zs[-1] > 0)
    return zs, dzs


def _forward(params: Params, x: Array) -> Array:
    return _tangents(params, x, x)[0][-1]


def _carried(params: Params, x: Array, u: Array, step: Callable[..., Any]) -> Pair:
    """Carry u through, with `step(z, dz, b)` giving the tangent of relu(z), and of the output, for which z is inf."""
    a, da = x, u
    for W, b in params[:-1]:
        z = W @ a + b
        a, da = np.maximum(z, 0), step(z, W @ da, b)
    W, b = params[-1]
    return W @ a + b, step(np.full(len(b), np.inf), W @ da, b)


@misconception
def bias_in_the_tangent(params: Params, x: Array, u: Array) -> Pair:
    """You added the biases to the tangents: a constant does not change when x moves, so its tangent is 0."""
    return _carried(params, x, u, lambda z, dz, b: (dz + b) * (z > 0))


@misconception
def gate_of_the_tangent(params: Params, x: Array, u: Array) -> Pair:
    """You took the relu of the tangents: whether a unit is active is decided by its value, not by where it is going."""
    return _carried(params, x, u, lambda z, dz, b: np.where(np.isinf(z), dz, np.maximum(dz, 0)))


@misconception
def both_gates(params: Params, x: Array, u: Array) -> Pair:
    """You stop the tangents below 0 of active units, too: a value may fall when x moves along u."""
    return _carried(params, x, u, lambda z, dz, b: np.where(np.isinf(z), dz, np.maximum(dz, 0) * (z > 0)))


@misconception
def net_of_u(params: Params, x: Array, u: Array) -> Pair:
    """Your dy is the output of the net for the input u: the derivative at x has the gates of x, and no biases."""
    return _forward(params, x), _forward(params, u)


@misconception
def step_along_u(params: Params, x: Array, u: Array) -> Pair:
    """Your dy is how far y moves when x moves by all of u: on the way it may cross kinks. The derivative is that at x."""
    return _forward(params, x), _forward(params, x + u) - _forward(params, x)


@misconception
def u_ignored(params: Params, x: Array, u: Array) -> Pair:
    """You summed the columns of the Jacobian up, as if u were all ones: begin with the tangent u."""
    return _carried(params, x, np.ones_like(u), lambda z, dz, b: dz * (z > 0))


@misconception
def tangent_of_x(params: Params, x: Array, u: Array) -> Pair:
    """You carried x along as its own tangent: the direction in which x moves is u."""
    return _carried(params, x, x, lambda z, dz, b: dz * (z > 0))


@misconception
def gates_without_biases(params: Params, x: Array, u: Array) -> Pair:
    """Your gates leave the biases out: a unit is active where z, with its bias, is above 0."""
    return _carried(params, x, u, lambda z, dz, b: dz * (z - b > 0))


@misconception
def last_layer_gated(params: Params, x: Array, u: Array) -> Pair:
    """There is no relu behind the last layer: where y is below 0, its tangent still arrives."""
    y, dy = _carried(params, x, u, lambda z, dz, b: dz * (z > 0))
    return y, dy * (y > 0)


@misconception
def swapped(params: Params, x: Array, u: Array) -> Pair:
    """Return y first, and its tangent second."""
    y, dy = _carried(params, x, u, lambda z, dz, b: dz * (z > 0))
    return dy, y


def _with_mask(mask: Callable[[Array], Array], params: Params, x: Array, u: Array) -> Pair:
    return _carried(params, x, u, lambda z, dz, b: dz if np.isinf(z).all() else dz * mask(z))


wrong_masks = masks(_with_mask)


@oracle
def autograd(torch: Any, params: Any, x: Any, u: Any) -> Any:
    """PyTorch's Jacobian-vector product."""

    def net(a: Any) -> Any:
        for layer, (W, b) in enumerate(params):
            a = torch.as_tensor(W) @ (torch.relu(a) if layer else a) + torch.as_tensor(b)
        return a

    return torch.autograd.functional.jvp(net, x, u)


def _no_step() -> float:
    return 0.0


@derivative_of("step", at=_no_step, part="dy")
def along_u(params: Params, x: Array, u: Array, step: float) -> Array:
    """The output on the line through x along u, for complex steps too."""
    a: Any = x + step * u / np.linalg.norm(u)
    for layer, (W, b) in enumerate(params):
        a = W @ (np.where(a.real > 0, a, 0) if layer else a) + b
    return a * np.linalg.norm(u)


derivation = """
Let x move along u: at the time s it is x + s * u. Then every number of the net depends on s, and its tangent is its derivative
with respect to s, at s = 0. That of x is u. Go through the net, and differentiate each line:

    z = W @ a + b          dz = W @ da                     b and W do not move
    a = relu(z)            da = dz where z > 0, else 0     the chain rule: relu'(z) * dz

The tangent of y is what was asked for. By the chain rule, with J = dy/dx,

    dy[i] = sum over j of d y[i] / d x[j] * u[j] = (J @ u)[i]

J is the product of all these factors, W_L @ gate @ ... @ gate @ W_1, and the loop multiplies u by it from the right, one
factor after the other. Each result is a vector. So all of it costs about two forward passes, whatever the sizes are, and
nothing has to be kept: value and tangent go along together. (From the left, with a vector for the outputs, it would be the way
back.) One direction gives one entry of a gradient: for all n of them it takes n directions. That is why nets are trained
backwards.

The gate is asked of the value z, with its bias. It multiplies the tangent, whatever the sign of that is.

The usual mistake is `np.maximum(dz, 0)`, the relu of the tangent: a unit is active where its value is, and that may well fall.
The second one is to add b to the tangent, too. A check that shows both: dy has to change its sign with u.

    >>> params = [(np.array([[2.0]]), np.array([-1.0])), (np.array([[3.0]]), np.array([4.0]))]
    >>> [each.tolist() for each in jvp_forward(params, np.array([2.0]), np.array([10.0]))]
    [[13.0], [60.0]]
    >>> [each.tolist() for each in jvp_forward(params, np.array([2.0]), np.array([-10.0]))]
    [[13.0], [-60.0]]
"""
