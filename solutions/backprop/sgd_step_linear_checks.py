"""Hidden checks for sgd_step_linear(x, W, upstream, lr): W after one step of gradient descent, shape (D, H)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception, oracle

Array = NDArray[np.floating[Any]]
Step = tuple[Array, Array, Array, float]

hints = [
    "A step of gradient descent needs dL/dW, which has the shape of W. How does W[j, k] reach L?",
    "W[j, k] reaches L through h[k] alone: dL/dW[j, k] is one entry of x times one entry of upstream. Scale it with "
    "the learning rate, and mind which sign leads down.",
]


def _step(rng: np.random.Generator, D: int, H: int, lr: float) -> Step:
    """Draw a step with an upstream gradient of both signs and no entry near 1."""
    upstream = rng.uniform(1.3, 3.0, size=H) * np.resize([1, -1], H)
    return rng.uniform(0.4, 2.0, size=D) * rng.choice([-1, 1], size=D), rng.normal(size=(D, H)), upstream, lr


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Step]:
    """gives the new weights for a layer with two inputs and three outputs"""
    yield np.array([1.0, 2.0]), np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 3.0]]), np.array([2.0, -4.0, 0.0]), 0.5


@check(points=2.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Step]:
    """gives the new weights for any number of inputs and outputs, equal ones included, and any learning rate"""
    for D, H, lr in [(3, 4, 0.1), (5, 2, 0.7), (1, 3, 0.25), (4, 1, 2.0), (3, 3, 0.4)]:
        yield _step(rng, D, H, lr)


@check(points=0.5, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Step]:
    """does not write into W, x or upstream"""
    yield _step(rng, 2, 4, 0.3)


@check(points=1)
def large_steps_and_single_precision(rng: np.random.Generator) -> Iterator[Step]:
    """keeps W where the upstream gradient is 0, takes huge and tiny steps, and is as accurate as float32 inputs are"""
    x, W, upstream, lr = _step(rng, 3, 2, 0.2)
    yield x, W, np.zeros(2), lr
    yield x, W, 1e9 * upstream, lr
    yield x, 1e-15 * W, 1e-15 * upstream, lr
    # Multiples of 1/4 and 1/2: float32 holds the new weights exactly.
    W = rng.integers(-8, 9, size=(3, 2)) / 4
    yield np.array([0.5, -1.0, 1.5], np.float32), W.astype(np.float32), np.array([-0.5, 2.0], np.float32), 0.5


@misconception
def along_dh_dW(x: Array, W: Array, upstream: Array, lr: float) -> Array:
    """dh/dW is not the gradient of the loss: weight it with dL/dh (with ones instead, you just push every h down)."""
    return W - lr * np.outer(x, np.ones_like(upstream))


@misconception
def ascent(x: Array, W: Array, upstream: Array, lr: float) -> Array:
    """Gradient DEscent subtracts the gradient."""
    return W + lr * np.outer(x, upstream)


@misconception
def learning_rate_forgotten(x: Array, W: Array, upstream: Array, lr: float) -> Array:
    """The learning rate is missing: it scales the gradient."""
    return W - np.outer(x, upstream)


@misconception
def gradient_returned(x: Array, W: Array, upstream: Array, lr: float) -> Array:
    """Return the new W, not the gradient."""
    return np.outer(x, upstream)


@misconception
def outer_product_transposed(x: Array, W: Array, upstream: Array, lr: float) -> Array:
    """The gradient must have the shape of W: one row for each entry of x, one column for each entry of upstream."""
    return W - lr * np.outer(upstream, x)


@misconception
def upstream_alone(x: Array, W: Array, upstream: Array, lr: float) -> Array:
    """upstream is the derivative with respect to h: on the way to W it still has to meet x."""
    return W - lr * upstream


@oracle
def autograd(torch: Any, x: Any, W: Any, upstream: Any, lr: float) -> Any:
    """PyTorch's gradient descent, on a loss that is linear in h."""
    W = W.clone().requires_grad_()
    ((x @ W) @ upstream).backward()
    torch.optim.SGD([W], lr=lr).step()
    return W.detach()


derivation = """
A step of gradient descent needs the gradient of the loss with respect to W. The weight W[j, k] takes part in h[k] alone, with
the factor x[j], and what a change of h[k] does to the loss is given, as upstream[k]:

    h[k] = sum over j of x[j] * W[j, k]
    dL / dW[j, k] = dL / dh[k] * dh[k] / dW[j, k] = upstream[k] * x[j]

One factor with j and one with k: the outer product `np.outer(x, upstream)`, in the shape of W, (D, H).

The gradient points to where L grows. To go down, subtract it, scaled by the learning rate:

    W_new = W - lr * np.outer(x, upstream)

The minus is always there. Where upstream is negative, the loss falls when h grows. Then the product is negative, and
subtracting it lets W grow: the sign does by itself what the loss wants.

`W - ...` makes a new array. `W -= ...` would write into the array of the caller, and that was to be left alone.

The usual mistake is to step along dh/dW, x in each column, without the upstream gradient. That makes every h smaller, whether
the loss wants it or not. What is to go down is the loss.

    >>> sgd_step_linear(np.array([1.0]), np.array([[5.0]]), np.array([-2.0]), 0.5).tolist()
    [[6.0]]
"""
