"""Hidden checks for softmax_xent_grad(Z, y): the gradient of the mean cross-entropy with respect to the logits, shape
(N, K)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Labels = NDArray[np.int64]
Batch = tuple[Array, Labels]

hints = [
    "For one sample the loss is log(sum of e**z_k) - z_y. Differentiate each of the two terms with respect to z_j.",
    "The first term gives the probabilities. The second gives a number for one class only: which number, which class?",
    "np.arange(N) and y together index one entry of each row. The mean over the batch is the last step; and subtract"
    " each row's largest logit before you take exponentials.",
]


def _batch(rng: np.random.Generator, N: int, K: int) -> Batch:
    """Draw logits without a sure class, and classes that are not all the same."""
    Z = rng.permuted(np.tile(np.linspace(-1.5, 1.5, K), (N, 1)), axis=1) + rng.uniform(-0.3, 0.3, size=(N, K))
    return Z, rng.permutation(np.resize(rng.permutation(K), N))


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the gradient for the sample on paper, alone and with another one of the other class"""
    yield np.array([[0.0, np.log(3)]]), np.array([0])
    yield np.array([[0.0, np.log(3), 0.0], [0.0, 0.0, np.log(2)]]), np.array([0, 2])


@check(points=3)
def any_sizes(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the gradient for any number of samples and classes, with as many of one as of the other too"""
    for N, K in [(5, 3), (3, 7), (6, 2), (4, 4)]:
        yield _batch(rng, N, K)


@check(points=1)
def batch_of_one(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the gradient for a batch of one sample, also for one that is sure of its class"""
    yield _batch(rng, 1, 4)
    yield np.array([[5.0, -3.0, 0.0]]), np.array([0])


@check(points=1)
def shuffled_shifted_and_doubled(rng: np.random.Generator) -> Iterator[Batch]:
    """follows shuffled samples, ignores a shift of a sample's logits, and halves where each sample comes twice"""
    Z, y = _batch(rng, 5, 4)
    yield Z, y
    order = [3, 0, 4, 2, 1]
    yield Z[order], y[order]
    yield Z + np.array([[3.0], [-2.0], [0.0], [5.0], [-4.0]]), y
    yield np.concatenate([Z, Z]), np.concatenate([y, y])


@check(points=1)
def large_logits(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the gradient where samples have logits around 1000, around -1000, and far apart"""
    Z, y = _batch(rng, 4, 3)
    yield Z + 1000, y
    yield Z - 1000, y
    yield Z + np.array([[1000.0], [-1000.0], [1100.0], [-900.0]]), y
    yield Z + np.array([[-1000.0], [900.0], [-1100.0], [1000.0]]), y
    # No other logit is as good as the largest: not the first or the last, and not the mean or half of the largest.
    yield np.array([[-1000.0, 2000.0, 1999.0, 0.5], [1900.0, 3.0, -1000.0, 1899.0], [2.0, -5.0, 1.0, 1.5]]), np.array([2, 0, 1])


@check(points=1, errstate="raise")
def no_overflow_on_the_way(rng: np.random.Generator) -> Iterator[Batch]:
    """computes nothing that is out of range on the way, also where a sample is sure of a wrong class"""
    yield np.array([[1000.0, -1000.0, 0.0], [1e5, 0.0, 1e5]]), np.array([2, 0])
    yield np.array([[-1e5, -1e5], [1e5, -1e5], [3.0, 2.0]]), np.array([1, 1, 0])


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Batch]:
    """does not write into Z or y"""
    yield _batch(rng, 3, 5)


@check(points=0.5)
def single_precision(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the gradient for logits in float32, to the accuracy of float32"""
    Z, y = _batch(rng, 4, 6)
    yield Z.astype(np.float32), y


def _softmax(Z: Array, axis: int = 1) -> Array:
    weights = np.exp(Z - Z.max(axis=axis, keepdims=True))
    return weights / weights.sum(axis=axis, keepdims=True)


def _onehot(Z: Array, y: Labels) -> Array:
    return np.eye(Z.shape[1])[y]


def _right(Z: Array, y: Labels) -> Array:
    return (_softmax(Z) - _onehot(Z, y)) / len(Z)


@misconception
def sum_instead_of_mean(Z: Array, y: Labels) -> Array:
    """The loss is a MEAN over the batch: divide by the number of samples."""
    return _softmax(Z) - _onehot(Z, y)


@misconception
def extra_activation_derivative(Z: Array, y: Labels) -> Array:
    """p minus the one-hot rows already is the derivative with respect to the logits: there is no further factor p * (1
    - p)."""
    p = _softmax(Z)
    return (p - _onehot(Z, y)) * p * (1 - p) / len(Z)


@misconception
def negative(Z: Array, y: Labels) -> Array:
    """Raising the logit of the right class lowers the loss: its derivative is negative, and yours is positive."""
    return (_onehot(Z, y) - _softmax(Z)) / len(Z)


@misconception
def one_added_at_the_right_class(Z: Array, y: Labels) -> Array:
    """You added 1 at the right class: its logit stands in the loss with a minus, so the 1 is subtracted."""
    return (_softmax(Z) + _onehot(Z, y)) / len(Z)


@misconception
def loss_itself(Z: Array, y: Labels) -> Array:
    """That is the loss, one number; asked is its derivative with respect to each logit."""
    return np.asarray(-np.log(_softmax(Z)[np.arange(len(y)), y]).mean())


@misconception
def divided_by_classes(Z: Array, y: Labels) -> Array:
    """Divide by the number of samples, not by that of the classes."""
    return (_softmax(Z) - _onehot(Z, y)) / Z.shape[1]


@misconception
def divided_by_entries(Z: Array, y: Labels) -> Array:
    """The loss has one term a sample: divide by the number of samples, not by the number of entries of Z."""
    return (_softmax(Z) - _onehot(Z, y)) / Z.size


@misconception
def softmax_over_the_batch(Z: Array, y: Labels) -> Array:
    """The probabilities of a sample sum to 1 over its classes, along a row; yours sum to 1 over the batch."""
    return (_softmax(Z, axis=0) - _onehot(Z, y)) / len(Z)


@misconception
def label_ignored(Z: Array, y: Labels) -> Array:
    """The term of the right class is missing: your answer is the same whatever y is."""
    return _softmax(Z) / len(Z)


@misconception
def subtracted_in_every_row(Z: Array, y: Labels) -> Array:
    """p[:, y] takes those columns from every row; index the row and the class together, one entry a sample."""
    p = _softmax(Z)
    p[:, y] -= 1
    return p / len(Z)


@misconception
def derivative_by_probabilities(Z: Array, y: Labels) -> Array:
    """-1 / p of the right class is the derivative with respect to the probabilities; go on through the softmax to the
    logits."""
    return -_onehot(Z, y) / _softmax(Z) / len(Z)


@misconception
def exponentials_overflow(Z: Array, y: Labels) -> Array:
    """e**Z leaves the range of float64 for large logits: subtract each row's largest logit first."""
    weights = np.exp(Z)
    return (weights / weights.sum(axis=1, keepdims=True) - _onehot(Z, y)) / len(Z)


@misconception
def one_shift_for_the_batch(Z: Array, y: Labels) -> Array:
    """You subtracted the batch's largest logit, and a row far below it has only zeros left: take each row's own."""
    weights = np.exp(Z - Z.max())
    return (weights / weights.sum(axis=1, keepdims=True) - _onehot(Z, y)) / len(Z)


equivalent = {
    "clip: gradient / N -> np.clip(gradient / N, -100, 100)": "no entry is beyond 1",
}


@misconception
def softmax_forgotten(Z: Array, y: Labels) -> Array:
    """You subtracted from the logits themselves: the softmax of each row is missing."""
    return (Z - _onehot(Z, y)) / len(Z)


@misconception
def logarithms_for_probabilities(Z: Array, y: Labels) -> Array:
    """You subtracted from log p where the gradient has p itself: the logarithm is gone when the loss is differentiated."""
    shifted = Z - Z.max(axis=1, keepdims=True)
    return (shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)) - _onehot(Z, y)) / len(Z)


@misconception
def softmax_over_all_entries(Z: Array, y: Labels) -> Array:
    """The probabilities of a sample sum to 1 along its row; yours sum to 1 over all rows together."""
    weights = np.exp(Z - Z.max())
    return (weights / weights.sum() - _onehot(Z, y)) / len(Z)


@misconception
def right_class_only(Z: Array, y: Labels) -> Array:
    """Every class of a sample has a derivative, as every logit is in the softmax; yours is 0 but for the right one."""
    return _right(Z, y) * _onehot(Z, y)


@oracle
def autograd(torch: Any, Z: Any, y: Any) -> Any:
    """PyTorch's gradient of its mean cross-entropy."""
    labels = torch.as_tensor(y).long()
    return torch.autograd.functional.jacobian(lambda logits: torch.nn.functional.cross_entropy(logits, labels), Z)


@derivative_of("Z")
def mean_cross_entropy(Z: Array, y: Labels) -> Array:
    """The loss."""
    largest = Z.real.max(axis=1, keepdims=True)
    log_p = Z - largest - np.log(np.exp(Z - largest).sum(axis=1, keepdims=True))
    return -log_p[np.arange(len(y)), y].mean()


derivation = """
Put the softmax into the loss of one sample before you differentiate. The logarithm undoes the exponential:

    -log p[y] = -log(e**z[y] / S) = -z[y] + log S      with    S = sum over k of e**z[k]

Now each logit is in the second term, and that of the right class in the first one, too:

    d(log S) / dz[j] = e**z[j] / S = p[j]
    d(-z[y]) / dz[j] = -1 where j = y, and 0 elsewhere

So the gradient is p, with 1 subtracted at the right class. Every wrong class gets its probability, a positive number: it has
to go down. The right one gets p[y] - 1, which is negative: it has to go up. The loss is a mean over N samples, and each logit
is in one of the terms: divide by N, the number of rows.

In code: the softmax goes along each row, axis 1, with `keepdims=True` so that a row is divided by its own sum. Each row's
largest logit is subtracted first. This changes no probability, no exponential overflows, and no sum is 0. One shift for the
whole batch would not do: a row far below it would have nothing but zeros. `gradient[np.arange(N), y] -= 1` takes one entry in
each row, row n with class y[n].

The usual mistake is a further factor p * (1 - p), "the derivative of the softmax". It is in p - onehot already: the -1 / p of
the logarithm has been multiplied by it, and has cancelled.

    >>> softmax_xent_grad(np.array([[0.0, np.log(3.0)]]), np.array([0])).round(6).tolist()
    [[-0.75, 0.75]]
    >>> abs(float(softmax_xent_grad(np.array([[1000.0, 2.0, -1000.0]]), np.array([1])).sum())) < 1e-12
    True
"""
