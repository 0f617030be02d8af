"""Hidden checks for mse_grad_mean(p, t): the gradient of np.mean((p - t) ** 2) with respect to p, shape (N, K)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Batch = tuple[Array, Array]

hints = [
    "Write the loss as a sum over all entries, divided by how many there are. p[n, k] is in one of its terms alone.",
    "The derivative of one term is that of a square. How many terms does np.mean divide by, if p has shape (2, 3)?",
]


def _batch(rng: np.random.Generator, N: int, K: int) -> Batch:
    t = rng.normal(size=(N, K))
    return t + rng.uniform(0.2, 2.0, size=(N, K)) * rng.choice([-1, 1], size=(N, K)), t


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the gradient for two samples with three predictions each"""
    yield np.array([[1.0, 2.0, 0.0], [-1.0, 4.0, 6.0]]), np.array([[1.0, -1.0, 3.0], [2.0, 4.0, 0.0]])


@check(points=2.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the gradient for any number of samples and predictions"""
    for N, K in [(4, 3), (2, 5), (3, 3)]:
        yield _batch(rng, N, K)


@check(points=1)
def one_row_or_column(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the gradient for a single sample, and for a single prediction a sample"""
    for N, K in [(1, 4), (5, 1), (1, 1)]:
        yield _batch(rng, N, K)


@check(points=1)
def repeated_batch(rng: np.random.Generator) -> Iterator[Batch]:
    """gives each sample half its gradient when the batch is doubled, and is as accurate as float32 inputs are"""
    p, t = _batch(rng, 3, 2)
    yield p, t
    yield np.concatenate([p, p]), np.concatenate([t, t])
    yield (rng.integers(-8, 0, size=(3, 2)) / 4).astype(np.float32), np.ones((3, 2), dtype=np.float32)


@check(points=0.5, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Batch]:
    """does not write into p or t, also where they are very large or nearly equal"""
    p, t = _batch(rng, 2, 3)
    yield p, t
    yield 1e200 * p, 1e200 * t
    yield 1e-15 * p, 1e-15 * t


@misconception
def gradient_of_the_sum(p: Array, t: Array) -> Array:
    """Your loss is a mean over all N*K entries, so the gradient needs 1/(N*K)."""
    return 2 * (p - t)


@misconception
def divided_by_N(p: Array, t: Array) -> Array:
    """np.mean averages over all N*K entries, not over the N rows."""
    return 2 * (p - t) / p.shape[0]


@misconception
def divided_by_K(p: Array, t: Array) -> Array:
    """np.mean averages over all N*K entries, not over the K columns."""
    return 2 * (p - t) / p.shape[1]


@misconception
def missing_two(p: Array, t: Array) -> Array:
    """The square contributes a factor 2 (it would only cancel if the loss had a 1/2)."""
    return (p - t) / p.size


@misconception
def sign_flipped(p: Array, t: Array) -> Array:
    """Differentiate with respect to p: d(p-t)**2/dp = 2*(p-t), which is positive where p is too large."""
    return 2 * (t - p) / p.size


@misconception
def collapsed(p: Array, t: Array) -> Array:
    """Do not sum or average: every prediction has a derivative of its own."""
    return np.asarray(np.mean(2 * (p - t)))


@misconception
def averaged_over_the_samples(p: Array, t: Array) -> Array:
    """You averaged over the samples: the mean is in the loss, and each prediction of each sample has a derivative of its own."""
    return np.mean(2 * (p - t), axis=0)


@misconception
def squared_again(p: Array, t: Array) -> Array:
    """A square has a derivative without a square: yours still has one."""
    return 2 * (p - t) ** 2 / p.size


@misconception
def terms_of_the_loss(p: Array, t: Array) -> Array:
    """Those are the terms of the loss; asked is their derivative."""
    return (p - t) ** 2 / p.size


@derivative_of("p")
def loss(p: Array, t: Array) -> Any:
    """The mean squared error, for complex numbers too."""
    return np.mean((p - t) ** 2)


@oracle
def autograd(torch: Any, p: Any, t: Any) -> Any:
    """PyTorch's gradient of the loss."""
    return torch.autograd.functional.jacobian(lambda p: torch.mean((p - t) ** 2), p)


derivation = """
Write the mean as the sum that it is. There are N samples with K predictions each, so there are N * K terms:

    loss = 1 / (N * K) * sum over n, k of (p[n, k] - t[n, k])**2

Differentiate with respect to one prediction, p[n, k]. It stands in one term, all others are constants. The outer derivative
of the square gives a 2, the inner derivative of p - t is 1:

    dloss / dp[n, k] = 1 / (N * K) * 2 * (p[n, k] - t[n, k])

This holds for each entry, so for the whole array it is `2 * (p - t) / p.size`. `p.size` is the number of all entries, N * K.
Nothing is summed: the loss is one number, and its gradient has an entry for each prediction, in the shape of p. The sign is
right if a prediction that is too large has a positive gradient, since a step down has to make it smaller.

The usual mistake is to divide by N, `len(p)`. `np.mean` without an axis takes the mean over everything. With K = 1 the two
are the same, so look at a batch with more than one prediction a sample. A loss that is a sum over the predictions and a mean
over the samples is another loss, with K times this gradient.

    >>> mse_grad_mean(np.array([[3.0, 1.0]]), np.array([[1.0, 1.0]])).tolist()
    [[2.0, 0.0]]
"""
