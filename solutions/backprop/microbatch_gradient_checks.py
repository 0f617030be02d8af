"""Hidden checks for microbatch_gradient(grads, sizes): the gradient of a mean loss from those of parts of the batch."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Sizes = tuple[int, ...]
Parts = tuple[list[Array], Sizes]

hints = [
    "Each sample has one vote in the mean of the whole batch. How many votes does a part of 5 samples have, beside one of 2?",
    "First undo each mean: what is the gradient of the SUM of the losses of part k? Sums of parts add up, and one division"
    " at the end makes a mean of them.",
]


def _parts(rng: np.random.Generator, shape: tuple[int, ...], sizes: Sizes) -> Parts:
    """Draw a gradient for each part: means of few samples scatter more."""
    return [rng.uniform(0.5, 2.0, size=shape) + rng.normal(size=shape) / size for size in sizes], sizes


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Parts]:
    """gives 6 for the gradient 4 of two samples and the gradient 10 of one, also in two entries at once"""
    yield [np.array([4.0]), np.array([10.0])], (2, 1)
    yield [np.array([4.0, 1.0]), np.array([10.0, -5.0])], (2, 1)


@check(points=1.5)
def unequal_parts(rng: np.random.Generator) -> Iterator[Parts]:
    """gives every sample of the batch the same weight, whatever the sizes of the parts, for weights of any shape"""
    yield _parts(rng, (3, 2), (5, 2, 4))
    yield _parts(rng, (4,), (8, 8, 8, 3))
    yield _parts(rng, (2, 3), (1, 6))
    yield _parts(rng, (1,), (7, 2, 3))


@check(points=0.5)
def equal_parts(rng: np.random.Generator) -> Iterator[Parts]:
    """gives the gradient for parts of one size, and for a single part"""
    yield _parts(rng, (2, 4), (3, 3, 3, 3, 3))
    yield _parts(rng, (4, 3), (1, 1))
    yield _parts(rng, (3,), (6,))


@check(points=1, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Parts]:
    """does not write into grads, and takes gradients of any magnitude"""
    for scale in (1e-9, 1e9):
        grads, sizes = _parts(rng, (2, 3), (4, 1, 9))
        yield [scale * grad for grad in grads], sizes


def _sum(weights: Sequence[float], grads: list[Array]) -> Array:
    return np.tensordot(np.array(weights), np.array(grads), 1)


@misconception
def mean_of_means(grads: list[Array], sizes: Sizes) -> Array:
    """That is the mean of the means: it gives a sample of a small part more weight than one of a large part."""
    return np.mean(grads, axis=0)


@misconception
def sum_of_means(grads: list[Array], sizes: Sizes) -> Array:
    """You added the parts' means up, as a W.grad that is never scaled does: that is no mean of anything."""
    return np.sum(grads, axis=0)


@misconception
def last_part_only(grads: list[Array], sizes: Sizes) -> Array:
    """Only the last part is left: add each part to what is there, += instead of =."""
    return grads[-1] + 0.0


@misconception
def divided_by_the_parts(grads: list[Array], sizes: Sizes) -> Array:
    """You weighted the parts rightly, and then divided by their number: how many samples are there in all?"""
    return _sum(sizes, grads) / len(sizes)


@misconception
def not_divided(grads: list[Array], sizes: Sizes) -> Array:
    """That is the gradient of the SUM of all losses; asked is that of their mean."""
    return _sum(sizes, grads)


@misconception
def divided_by_the_sizes(grads: list[Array], sizes: Sizes) -> Array:
    """Each of grads is a mean already: dividing it by the size of its part once more makes large parts count less."""
    return _sum([1 / size for size in sizes], grads)


@misconception
def weighted_the_wrong_way_round(grads: list[Array], sizes: Sizes) -> Array:
    """Your weights are upside down: a part with more samples has to count for more."""
    weights = [1 / size for size in sizes]
    return _sum(weights, grads) / sum(weights)


@misconception
def divided_where_to_multiply(grads: list[Array], sizes: Sizes) -> Array:
    """You divided each part's gradient by its size, which makes large parts count less: multiplied by its size, a mean is the sum
    over its samples."""
    return _sum([1 / size for size in sizes], grads) * sum(sizes) / len(sizes)


@misconception
def in_equal_steps_of_a_running_mean(grads: list[Array], sizes: Sizes) -> Array:
    """Averaging what is there with each new part halves the earlier ones again and again: the last part counts most."""
    found = grads[0] + 0.0
    for grad in grads[1:]:
        found = (found + grad) / 2
    return found


@oracle
def autograd(torch: Any, grads: Any, sizes: Sizes) -> Any:
    """PyTorch's gradient of the mean over samples whose losses have their part's gradient."""
    w = torch.zeros_like(torch.as_tensor(grads[0]), dtype=torch.float64, requires_grad=True)
    losses = [(torch.as_tensor(grad) * w).sum() for grad, size in zip(grads, sizes, strict=True) for _ in range(size)]
    return torch.autograd.grad(torch.stack(losses).mean(), w)[0]


def _origin(grads: list[Array]) -> Array:
    return np.zeros_like(grads[0])


@derivative_of("w", at=_origin)
def mean_loss(grads: list[Array], sizes: Sizes, w: Array) -> Any:
    """The mean of losses that are linear in w."""
    return np.mean(np.repeat([np.sum(grad * w) for grad in grads], sizes))


derivation = """
Write the mean loss of the whole batch, with N samples in all, and sort the samples into their parts:

    loss = 1/N * sum over all samples of loss[n] = 1/N * sum over k of (sum over the samples n of part k of loss[n])

What is known of part k is the mean of its losses, so the inner sum is that mean, times the number of its samples:

    loss = 1/N * sum over k of sizes[k] * mean[k]

Differentiation goes through sums and constant factors, and the gradient of mean[k] is grads[k]:

    d loss / d W = 1/N * sum over k of sizes[k] * grads[k]        N = sum over k of sizes[k]

It is a weighted mean, with the weights sizes[k] / N, which add up to 1. Each SAMPLE counts the same, 1/N, and so a part counts
as much as it has samples. If all parts have the same size, the weights are all 1/K, and the plain mean of grads is right.

In code: begin with zeros in the shape of a gradient, and add each part to it, times its size. The division by N comes once, at
the end. `strict=True` complains if there are not as many sizes as gradients.

The usual mistake is the mean of the means, `np.mean(grads, axis=0)`. It goes unnoticed until the last part is smaller: then
each sample in that one counts for more than the others.

    >>> grads, sizes = [np.array([4.0]), np.array([10.0])], (2, 1)
    >>> microbatch_gradient(grads, sizes).tolist(), np.mean(grads, axis=0).tolist()
    ([6.0], [7.0])
"""
