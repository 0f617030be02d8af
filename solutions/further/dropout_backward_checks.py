"""Hidden checks for dropout_backward(dout, mask, p): the gradient in front of a dropout, shape (N, H)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
Case = tuple[Array, Mask, float]

hints = [
    "Write the forward pass down for one activation x that is kept, and for one that is dropped. What is the derivative of the"
    " output with respect to x in each case?",
    "The forward pass multiplies each activation by a number that does not depend on it. The way back multiplies by the same"
    " number.",
]


def _case(rng: np.random.Generator, N: int, H: int, p: float) -> Case:
    """Draw a mask of which the share that is kept is not 1 - p, with entries of either kind in dout."""
    size = N * H
    while True:
        mask = rng.permutation(np.arange(size) < max(1, round(size * rng.uniform(0.3, 0.7)))).reshape(N, H)
        if abs(mask.mean() - (1 - p)) > 0.05 and abs(mask.mean() - p) > 0.05 and (size < 4 or 0 < mask[0].sum() < H):
            break
    return rng.uniform(0.5, 2.0, size=(N, H)) * rng.choice([-1.0, 1.0], size=(N, H)), mask, p


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Case]:
    """gives [[5, 0]] for the activations on paper, and the right gradients for two samples with p = 0.75"""
    yield np.array([[4.0, -8.0]]), np.array([[True, False]]), 0.2
    yield np.array([[1.0, 2.0, -3.0], [2.0, 1.0, 0.5]]), np.array([[True, False, True], [False, False, True]]), 0.75


@check(points=1.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Case]:
    """gives the gradient for any sizes and any p"""
    for N, H, p in [(4, 3, 0.1), (2, 6, 0.3), (5, 2, 0.8), (1, 7, 0.65), (3, 3, 0.9)]:
        yield _case(rng, N, H, p)


@check(points=0.5)
def extremes(rng: np.random.Generator) -> Iterator[Case]:
    """gives the gradient where p is 0 or close to 1, and where all are kept or none"""
    dout, mask, _ = _case(rng, 3, 4, 0.2)
    yield dout, np.ones_like(mask), 0.0
    yield dout, mask, 0.999
    yield dout, np.ones_like(mask), 0.4
    yield dout, np.zeros_like(mask), 0.4


@check(points=1, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Case]:
    """does not write into its arguments, is linear in dout, however large or small it is, and takes a dout with zeros"""
    dout, mask, p = _case(rng, 4, 5, 0.35)
    yield dout, mask, p
    yield 1e6 * dout, mask, p
    yield -1e-9 * dout, mask, p
    yield dout * (np.arange(20).reshape(4, 5) % 3 > 0), mask, p


@misconception
def scale_lost(dout: Array, mask: Mask, p: float) -> Array:
    """Your mask is right, but what is kept was also made larger on the way forward: a factor, which comes back."""
    return dout * mask


@misconception
def divided_by_p(dout: Array, mask: Mask, p: float) -> Array:
    """p is the probability of being DROPPED: what was divided by is that of being kept."""
    return dout * mask / p if p else np.full_like(dout, np.inf)


@misconception
def multiplied_by_the_share(dout: Array, mask: Mask, p: float) -> Array:
    """The way back does not undo the way forward: where that divided by a number, the derivative is divided by it, too."""
    return dout * mask * (1 - p)


@misconception
def multiplied_by_p(dout: Array, mask: Mask, p: float) -> Array:
    """You multiplied by the probability of being dropped: the forward pass DIVIDED, by that of being kept."""
    return dout * mask * p


@misconception
def divided_twice(dout: Array, mask: Mask, p: float) -> Array:
    """You divided twice: the forward pass divides once, and the mask itself is not scaled."""
    return dout * mask / (1 - p) ** 2


@misconception
def mask_lost(dout: Array, mask: Mask, p: float) -> Array:
    """What was dropped had no part in the loss, and gets no gradient: where is the mask?"""
    return dout / (1 - p)


@misconception
def nothing_done(dout: Array, mask: Mask, p: float) -> Array:
    """You hand dout on as it is, as in use: in training, the dropout has multiplied every activation by a number."""
    return dout + 0.0


@misconception
def mask_inverted(dout: Array, mask: Mask, p: float) -> Array:
    """Your gradient goes to what was dropped: the mask is True where an activation was KEPT."""
    return dout * ~mask / (1 - p)


@misconception
def mask_inverted_over_p(dout: Array, mask: Mask, p: float) -> Array:
    """You took both the other way round: the mask is True for what was kept, and p is the probability of being dropped."""
    return dout * ~mask / p if p else np.full_like(dout, np.nan)


@misconception
def share_of_the_mask(dout: Array, mask: Mask, p: float) -> Array:
    """You divided by the share that happened to be kept in this batch: the forward pass divided by the probability."""
    return dout * mask / max(mask.mean(), 1e-300)


@misconception
def share_of_each_sample(dout: Array, mask: Mask, p: float) -> Array:
    """You divided each row by the share that happened to be kept in it: the forward pass divided by the probability."""
    return dout * mask / np.maximum(mask.mean(axis=1, keepdims=True), 1e-300)


@misconception
def gradient_averaged(dout: Array, mask: Mask, p: float) -> Array:
    """Nothing is averaged over the samples here: a 1/N belongs to the loss, and is in dout already."""
    return dout * mask / (1 - p) / len(dout)


@misconception
def factors_alone(dout: Array, mask: Mask, p: float) -> Array:
    """Those are the derivatives of the outputs: multiply the gradient that comes from above by them."""
    return mask / (1 - p)


@oracle
def autograd(torch: Any, dout: Any, mask: Any, p: float) -> Any:
    """PyTorch's gradient of the forward pass, at activations that do not matter."""
    mask = torch.as_tensor(mask, dtype=torch.float64)
    _, gradient = torch.autograd.functional.vjp(lambda x: x * mask / (1 - p), torch.ones_like(dout), dout)
    return gradient


def _activations(dout: Array, mask: Mask, p: float) -> Array:
    return np.linspace(1.0, 2.0, dout.size).reshape(dout.shape)


@derivative_of("x", upstream="dout", at=_activations)
def forward(x: Array, mask: Mask, p: float) -> Array:
    """What comes out of the dropout."""
    return np.where(mask, x / (1 - p), 0)


derivation = """
Write the forward pass for one activation. With m = 1 where it is kept and m = 0 where it is dropped,

    y[n, h] = x[n, h] * m[n, h] / (1 - p)

m and p do not depend on x: the mask is drawn, and once it is drawn it is a constant like any other. So y is linear in x, entry by
entry, and each output depends on its own input alone:

    dy[n, h] / dx[n, h] = m[n, h] / (1 - p)        dx = dout * m / (1 - p)

It is the same factor on the way back as on the way forward. Why is it there? An activation is kept with probability 1 - p, so on
average y is (1 - p) * x / (1 - p) = x. In use nothing is dropped and nothing divided, and the next layer sees the same sums.

That average is over all masks that could have been drawn. The share of True in this one is another number, by chance, and the
forward pass did not look at it.

The usual mistake is to forget the factor, or to take p for the probability of being kept. With p = 1/2 the two probabilities are
the same, and the second mistake does not show:

    >>> dout, mask = np.array([[4.0, -8.0]]), np.array([[True, False]])
    >>> (abs(dropout_backward(dout, mask, 0.2)).round(6).tolist(), abs(dout * mask / 0.2).round(6).tolist())
    ([[5.0, 0.0]], [[20.0, 0.0]])
    >>> (abs(dropout_backward(dout, mask, 0.5)).tolist(), abs(dout * mask / 0.5).tolist())
    ([[8.0, 0.0]], [[8.0, 0.0]])
"""
