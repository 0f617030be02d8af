"""Hidden checks for softmax_vjp(p, dout): dloss/dz for p = softmax(z) by rows, shape (N, K)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Batch = tuple[Array, Array]

hints = [
    "Start with one sample: the Jacobian of the softmax is diag(p) - p p^T. Multiply it with a vector, on paper.",
    "diag(p) times a vector is an elementwise product, and p p^T times a vector is p times one number. Which number?",
    "In a batch that number is one for each row: a sum over the classes, kept as a column so that it broadcasts.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, p: "Array", dout: "Array") -> Any:
    """Return every so many columns."""
    return np.asarray(function(p, dout))[:, ::101]


def jacobians(p: "Array", dout: "Array") -> "Array":
    """Build the K x K Jacobian of each sample."""
    return np.array([(np.diag(row) - np.outer(row, row)) @ g for row, g in zip(p, dout)])


def _softmax(z: Array) -> Array:
    weights = np.exp(z - z.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def _batch(rng: np.random.Generator, N: int, K: int) -> Batch:
    """Draw probabilities, none of them tiny, and an upstream gradient that is far from constant along a row."""
    p = _softmax(rng.uniform(-1.5, 1.5, size=(N, K)))
    return p, rng.permuted(np.tile(np.linspace(-2.0, 3.0, K), (N, 1)), axis=1) + rng.uniform(-0.3, 0.3, size=(N, K))


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Batch]:
    """gives [3/4, -3/4] for the sample on paper, alone and with two others"""
    yield np.array([[0.25, 0.75]]), np.array([[4.0, 0.0]])
    yield np.array([[0.25, 0.75], [0.5, 0.5], [0.75, 0.25]]), np.array([[4.0, 0.0], [0.0, 2.0], [-4.0, 8.0]])


@check(points=1)
def any_sizes(rng: np.random.Generator) -> Iterator[Batch]:
    """gives dloss/dz for any number of samples and classes, and for a batch of one"""
    for N, K in [(4, 3), (2, 6), (7, 2), (1, 5)]:
        yield _batch(rng, N, K)


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Batch]:
    """gives dloss/dz where there are as many samples as classes, so that a wrong axis has the right shape"""
    yield _batch(rng, 3, 3)
    yield _batch(rng, 5, 5)


@check(points=1)
def linear_in_the_upstream(rng: np.random.Generator) -> Iterator[Batch]:
    """scales and adds with dout, and does not depend on the other samples of the batch"""
    p, first = _batch(rng, 5, 4)
    _, second = _batch(rng, 5, 4)
    yield p, first
    yield p, -1e6 * first
    yield p, 1e-15 * first
    yield p, first + 2 * second
    order = [3, 1, 4, 0, 2]
    yield p[order], first[order]
    yield p[:2], first[:2]


@check(points=1)
def certain_samples(rng: np.random.Generator) -> Iterator[Batch]:
    """passes nothing back where one class has all the probability, and the rest as before"""
    p, dout = _batch(rng, 4, 3)
    p[1] = [0.0, 1.0, 0.0]
    p[2] = [0.5, 0.0, 0.5]
    yield p, dout


@check(points=1, driver=some_entries, long_way=jacobians)
def real_size(rng: np.random.Generator) -> Iterator[Batch]:
    """takes 30000 classes, for which no Jacobian fits into memory"""
    yield _softmax(rng.normal(size=(2, 30_000))), rng.normal(size=(2, 30_000))


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Batch]:
    """does not write into p or dout"""
    yield _batch(rng, 3, 4)


@check(points=0.5)
def single_precision(rng: np.random.Generator) -> Iterator[Batch]:
    """gives dloss/dz for float32 arrays, to the accuracy of float32"""
    # In 32nds, which float32 holds exactly: the rows still sum to 1.
    p = rng.permuted(np.tile(np.array([1, 2, 4, 8, 17]) / 32, (4, 1)), axis=1)
    _, dout = _batch(rng, 4, 5)
    yield p.astype(np.float32), dout.astype(np.float32)


@misconception
def sigmoid_rule(p: Array, dout: Array) -> Array:
    """p * (1 - p) is the diagonal of the Jacobian alone: the softmax couples the classes of a sample."""
    return p * (1 - p) * dout


@misconception
def coupling_lost(p: Array, dout: Array) -> Array:
    """diag(p) is half of the Jacobian: the part with p p^T is missing."""
    return p * dout


@misconception
def plus_sign(p: Array, dout: Array) -> Array:
    """The Jacobian is diag(p) minus p p^T, not plus."""
    return p * (dout + np.sum(p * dout, axis=1, keepdims=True))


@misconception
def negative(p: Array, dout: Array) -> Array:
    """Your gradient has the wrong sign: the elementwise part p * dout is what p p^T is subtracted from."""
    return p * (np.sum(p * dout, axis=1, keepdims=True) - dout)


@misconception
def sum_not_kept_as_column(p: Array, dout: Array) -> Array:
    """The sums, shape (N,), were spread along the rows: sample 0's sum belongs to row 0, so keep them as a column."""
    return p * (dout - np.sum(p * dout, axis=1))


@misconception
def summed_over_the_batch(p: Array, dout: Array) -> Array:
    """Samples do not mix: the sum goes over the classes of each sample, not over the batch."""
    return p * (dout - np.sum(p * dout, axis=0))


@misconception
def summed_over_everything(p: Array, dout: Array) -> Array:
    """One sum over the whole batch mixes the samples: each row has a sum of its own."""
    return p * (dout - np.sum(p * dout))


@misconception
def unweighted_sum(p: Array, dout: Array) -> Array:
    """The classes count by their probabilities: sum p * dout, not dout."""
    return p * (dout - np.sum(dout, axis=1, keepdims=True))


@misconception
def unweighted_mean(p: Array, dout: Array) -> Array:
    """You took the plain mean of dout off: the mean of a row is weighted by its probabilities."""
    return p * (dout - np.mean(dout, axis=1, keepdims=True))


@misconception
def factor_lost(p: Array, dout: Array) -> Array:
    """Both parts of the Jacobian have a factor p_i in row i: multiply the difference by p."""
    return dout - np.sum(p * dout, axis=1, keepdims=True)


@misconception
def softmax_applied_again(p: Array, dout: Array) -> Array:
    """p is the output of the softmax already: do not apply it once more."""
    q = _softmax(p)
    return q * (dout - np.sum(q * dout, axis=1, keepdims=True))


@misconception
def difference_of_the_arguments(p: Array, dout: Array) -> Array:
    """p minus something is the gradient of the cross-entropy; here dout is any upstream gradient, not a target."""
    return p - dout


@misconception
def mean_subtracted(p: Array, dout: Array) -> Array:
    """What is subtracted is not the plain mean of the products: which weights does the Jacobian give them?"""
    return p * dout - np.mean(p * dout, axis=1, keepdims=True)


@oracle
def autograd(torch: Any, p: Any, dout: Any) -> Any:
    """PyTorch's product of dout with the Jacobian of the softmax, at logits that give p."""
    _, gradient = torch.autograd.functional.vjp(lambda z: torch.softmax(z, dim=1), torch.log(p), dout)
    return gradient


def _logits_of(p: Array) -> Array:
    return np.log(np.maximum(p, 1e-300))


@derivative_of("z", upstream="dout", at=_logits_of)
def probabilities(z: Array) -> Array:
    """The softmax by rows."""
    return _softmax(z)


derivation = """
For one sample, multiply the upstream gradient by the Jacobian of the softmax, which is p[i] on the diagonal, minus
p[i] * p[j] everywhere:

    dz[j] = sum over i of dout[i] * dp[i] / dz[j]
          = dout[j] * p[j]  -  sum over i of dout[i] * p[i] * p[j]
          = p[j] * (dout[j] - m)        with    m = sum over i of p[i] * dout[i]

The number m does not depend on j. It is computed once for each sample, so the whole costs about as much as reading p and dout
once or twice. The Jacobian would have K * K entries: with 30000 classes that is 7 GB.

m is the mean of dout, with the probabilities as weights. So the gradient of a logit says whether its class has more or less
upstream gradient than the mean, times its probability. If dout is the same for all classes, dz is 0: the probabilities cannot
all grow.

For a batch, each row is a sample of its own. The sum goes over the classes, axis 1. `keepdims=True` leaves m the shape (N, 1),
so that numpy subtracts the m of a row from that row.

The usual mistake is to drop m, and return p * dout or p * (1 - p) * dout. That takes the Jacobian for a diagonal matrix, and
forgets that the classes of a sample share a denominator.

    >>> p, dout = np.array([[0.25, 0.75]]), np.array([[4.0, 0.0]])
    >>> softmax_vjp(p, dout).tolist(), softmax_vjp(p, np.ones((1, 2))).tolist()
    ([[0.75, -0.75]], [[0.0, 0.0]])
"""
