"""Hidden checks for sigmoid_linear_grads(x, W, v): the gradients (dW, dv) of sigmoid(x @ W @ v)."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import sigmoid, slopes

Array = NDArray[np.float64]
Network = tuple[Array, Array, Array]
Gradients = tuple[Array, Array]

equivalent = {"swap operands: h @ v -> v @ h": "the product of two vectors is the same either way"}

hints = [
    "Write the chain as three factors: df/do is one number; do/dv and do/dh are vectors. Which of them is which?",
    "W[j, k] is used once, in h[k] = ... + x[j] * W[j, k] + ...: so do/dW[j, k] is one entry of x times one entry "
    "of v.",
    "All D * H products of an entry of x and an entry of v make an outer product; which argument comes first "
    "decides whether its shape is that of W. The derivative of the sigmoid, at o, multiplies both gradients.",
]


def _network(rng: np.random.Generator, D: int, H: int, o: float | None = None) -> Network:
    """Draw a network with entries of both signs and an output o off 0, or one with the output `o`."""
    while True:
        x = rng.uniform(0.4, 1.5, size=D) * rng.choice([-1, 1], size=D)
        W = rng.normal(size=(D, H))
        v = rng.uniform(0.4, 1.5, size=H) * rng.choice([-1, 1], size=H)
        output = x @ W @ v
        if o is not None and abs(output) > 0.5:
            return x, W, v * (o / output)
        if o is None and 0.3 < abs(output) < 3:
            return x, W, v


@check(parts={"dW": 0, "dv": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Network]:
    """gives both gradients for a network with the output 1/2"""
    # h = [2, -1, 3] and o = 0, so the slope is 1/4.
    yield np.array([1.0, 2.0]), np.array([[2.0, 1.0, -1.0], [0.0, -1.0, 2.0]]), np.array([2.0, 1.0, -1.0])


@check(parts={"dW": 2.5, "dv": 1.5})
def any_sizes(rng: np.random.Generator) -> Iterator[Network]:
    """gives both gradients for any number of inputs and hidden units, whether they are large or tiny"""
    for D, H in [(3, 4), (5, 2), (1, 3), (4, 1)]:
        yield _network(rng, D, H)
    # The same output o, with large and with tiny gradients.
    x, W, v = _network(rng, 3, 4)
    yield 1e4 * x, 1e-7 * W, 1e3 * v
    yield 1e-2 * x, 1e6 * W, 1e-4 * v


@check(parts={"dW": 0.5, "dv": 0.5})
def equal_sizes(rng: np.random.Generator) -> Iterator[Network]:
    """gives both gradients where D and H are the same, so that a wrong product is possible"""
    yield _network(rng, 3, 3)
    yield _network(rng, 2, 2)


@check(parts={"dW": 1, "dv": 1}, float64_only=True)
def saturated(rng: np.random.Generator) -> Iterator[Network]:
    """stays accurate where the sigmoid saturates, so that both gradients are tiny"""
    for o in (12.0, 18.0, -25.0, -38.0):
        yield _network(rng, 3, 2, o)


@check(parts={"dW": 0.25, "dv": 0.25}, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Network]:
    """does not write into x, W or v"""
    yield _network(rng, 2, 4)


@check(parts={"dW": 0.25, "dv": 0.25})
def single_precision(rng: np.random.Generator) -> Iterator[Network]:
    """takes float32 arrays, and is as accurate as they are"""
    # Multiples of 1/4 and 1/2: float32 holds h and o exactly, so only the sigmoid is rounded.
    x, W, v = np.array([1.5, -0.5, 2.0]), rng.integers(-4, 5, size=(3, 2)) / 4, np.array([-0.5, 1.0])
    yield x.astype(np.float32), W.astype(np.float32), v.astype(np.float32)


def _slope(x: Array, W: Array, v: Array) -> float:
    p = sigmoid(x @ W @ v)
    return p * (1 - p)


@misconception
def elementwise_product(x: Array, W: Array, v: Array) -> Gradients:
    """v (H,) and x (D,) cannot be multiplied entry by entry; the chain rule gives their outer product, shape (D, H)."""
    slope = _slope(x, W, v)
    return slope * v * x, slope * (x @ W)


@misconception
def both_slips(x: Array, W: Array, v: Array) -> Gradients:
    """Two slips: the slope is s(o)*(1-s(o)), not s(o)*s(1-o); and v times x is an outer product, not entry by entry."""
    o = x @ W @ v
    slope = sigmoid(o) * sigmoid(1 - o)
    return slope * v * x, slope * (x @ W)


@misconception
def transposes_of_vectors(x: Array, W: Array, v: Array) -> Gradients:
    """Transposing changes nothing in a 1-D array, so x.T @ v.T is a dot product; np.outer has the shape of W."""
    slope = _slope(x, W, v)
    return slope * (x.T @ v.T), slope * (x @ W)


@misconception
def outer_product_transposed(x: Array, W: Array, v: Array) -> Gradients:
    """df/dW must have the shape of W, (D, H): one row for each entry of x, one column for each entry of v."""
    slope = _slope(x, W, v)
    return slope * np.outer(v, x), slope * (x @ W)


@misconception
def v_forgotten(x: Array, W: Array, v: Array) -> Gradients:
    """You used dh/dW alone in df/dW; the factor do/dh = v is missing."""
    slope = _slope(x, W, v)
    return slope * np.outer(x, np.ones_like(v)), slope * (x @ W)


@misconception
def dv_from_v(x: Array, W: Array, v: Array) -> Gradients:
    """do/dv is h, not v: in o = h @ v each is the derivative with respect to the other."""
    slope = _slope(x, W, v)
    return slope * np.outer(x, v), slope * v


@misconception
def weights_for_the_product(x: Array, W: Array, v: Array) -> Gradients:
    """Your df/dW is a multiple of W: h is linear in W, so that W[j, k] has the factors x[j] and v[k], and not itself."""
    slope = _slope(x, W, v)
    return slope * W, slope * (x @ W)


@misconception
def no_sigmoid_derivative(x: Array, W: Array, v: Array) -> Gradients:
    """You stopped at the derivatives of o; multiply them by df/do, the slope of the sigmoid at o."""
    return np.outer(x, v), x @ W


@misconception
def outer_product_with_h(x: Array, W: Array, v: Array) -> Gradients:
    """In df/dW, x meets what h is weighted with on the way to o; you let it meet h itself."""
    slope = _slope(x, W, v)
    return slope * np.outer(x, x @ W), slope * (x @ W)


@misconception
def slopes_of_the_hidden_units(x: Array, W: Array, v: Array) -> Gradients:
    """There is no sigmoid on h: the one slope is that at o, the same for all hidden units."""
    s = 1 / (1 + np.exp(-(x @ W)))
    return np.outer(x, v * s * (1 - s)), _slope(x, W, v) * (x @ W)


def output(x: Array, W: Array, v: Array) -> Any:
    """The output of the network, for complex numbers too."""
    return 1 / (1 + np.exp(-(x @ W @ v)))


output_by_W = derivative_of("W", part=0)(output)
output_by_v = derivative_of("v", part=1)(output)


def _with_slope(slope: Callable[[Any], Any], x: Array, W: Array, v: Array) -> Gradients:
    h = x @ W
    return slope(h @ v) * np.outer(x, v), slope(h @ v) * h


wrong_slopes = slopes(_with_slope)


@oracle
def autograd(torch: Any, x: Any, W: Any, v: Any) -> Any:
    """PyTorch's gradients of the output."""
    return torch.autograd.functional.jacobian(lambda W, v: torch.sigmoid(x @ W @ v), (W, v))


derivation = """
Begin at the output and go back, one step at a time. The sigmoid's slope follows from its output:

    df / do = f * (1 - f)                  call it slope, one number

The score is o = h[0] * v[0] + h[1] * v[1] + ..., so h[k] is the factor of v[k], and v[k] that of h[k]:

    df / dv[k] = slope * h[k]
    df / dh[k] = slope * v[k]

Last, h[k] = sum over j of x[j] * W[j, k]. The weight W[j, k] takes part in h[k] alone, with the factor x[j]:

    df / dW[j, k] = df / dh[k] * x[j] = slope * x[j] * v[k]

Every x[j] meets every v[k]. That is an outer product: `slope * np.outer(x, v)`, of shape (D, H) as W. There is no sum in it,
since there is only one path from a weight to f: through h[k], then o.

The usual mistake is `x * v`, or `W * ...`, in place of the outer product. x belongs to the inputs, and v to the hidden units.
With D = H a product entry by entry runs, and says nothing. The letters say it: an entry with j and k needs one factor with
j and one with k.

    >>> dW, dv = sigmoid_linear_grads(np.array([1.0, 0.0]), np.array([[2.0, -1.0], [0.0, 0.0]]), np.array([1.0, 2.0]))
    >>> dW.tolist(), dv.tolist()
    ([[0.25, 0.5], [0.0, 0.0]], [0.5, -0.25])
"""
