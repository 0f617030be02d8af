"""Hidden checks for vector_matrix_derivative(W, x), the sum of compact forms, and for dscore_dHact(Hact, wout)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Layer = tuple[Array, Array]

HELPER = "vector_matrix_derivative"
HACT = "dscore_dHact"

hints = [
    "Raise W[j, k] by a little: which entries of x @ W change, and by how much? For a batch, each sample adds its own part.",
    "For d score / d Hact, raise one entry of Hact: only the score of its own sample changes, and by the weight which that entry"
    " is multiplied by. No other sample has a say in it, so nothing is summed.",
]

equivalent = {
    "swap elements: (1, 2) -> (2, 1)": "the order in which two numbers are looked for",
    "ones for an argument: W = np.ones_like(W)": "x @ W is linear in W: of W, the derivative has the shape alone",
    "ones for an argument: Hact = np.ones_like(Hact)": "the score is linear in Hact",
}


# A driver travels as source: it may use its arguments, builtins and np alone.


def is_refused(function: Any, W: "Array", x: "Array") -> str:
    """Return what happens; any other exception is the student's. An array without axes travels as a number."""
    try:
        function(W, np.asarray(x))
    except ValueError:
        return "ValueError"
    return "no exception"


def _layer(rng: np.random.Generator, D: int, H: int, *batch: int) -> Layer:
    """Draw inputs off 0 on average, so that sums differ from each of their terms."""
    return rng.normal(size=(D, H)), rng.uniform(0.5, 2.0, size=(*batch, D)) * np.resize([1.0, 1.0, -1.0], D)


@check(points=0, public=True, function=HELPER)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Layer]:
    """gives [[1, 1, 1], [2, 2, 2]] for the sample [1, 2], and [[11, 11, 11], [22, 22, 22]] for a batch with [10, 20], too"""
    W = np.array([[0.5, -1.0, 2.0], [1.0, 0.0, 3.0]])
    yield W, np.array([1.0, 2.0])
    yield W, np.array([[1.0, 2.0], [10.0, 20.0]])


@check(points=0.5, function=HELPER, readonly=True)
def one_sample(rng: np.random.Generator) -> Iterator[Layer]:
    """gives the compact form for one sample, of any sizes, and does not write into its arguments"""
    for D, H in [(3, 4), (5, 2), (1, 3), (4, 1)]:
        yield _layer(rng, D, H)


@check(points=1, function=HELPER)
def a_batch(rng: np.random.Generator) -> Iterator[Layer]:
    """adds the samples of a batch up, of any sizes, equal ones included"""
    yield np.zeros((3, 4)), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    for N, D, H in [(4, 3, 5), (2, 5, 3), (1, 2, 4), (3, 3, 3)]:
        yield _layer(rng, D, H, N)
    W, X = _layer(rng, 2, 3, 5)
    for scale in (1e-9, 1e9):
        yield W, scale * X


@check(points=0.5, function=HELPER, driver=is_refused)
def no_text(rng: np.random.Generator) -> Iterator[Layer]:
    """raises a ValueError for an x with three axes or four, and for one without any"""
    yield rng.normal(size=(3, 2)), rng.normal(size=(2, 4, 3))
    yield rng.normal(size=(3, 2)), rng.normal(size=(1, 1, 3))
    yield rng.normal(size=(3, 2)), rng.normal(size=(2, 1, 4, 3))
    # A single number would be spread over all of W, or be taken for a sample that has one entry.
    yield rng.normal(size=(3, 2)), np.array(2.0)
    yield rng.normal(size=(1, 2)), np.array(2.0)


@check(points=0, public=True, function=HACT)
def two_by_three(rng: np.random.Generator) -> Iterator[Layer]:
    """gives an array of shape (2, 3) where Hact has that shape"""
    yield np.array([[0.0, 4.0, 1.0], [2.0, 0.0, 5.0]]), np.array([-1.0, 3.0, 2.0])


@check(points=1.5, function=HACT)
def any_sizes(rng: np.random.Generator) -> Iterator[Layer]:
    """gives each sample's own derivatives, for any sizes, equal ones included"""
    for N, H in [(4, 3), (2, 5), (1, 4), (3, 3)]:
        yield np.maximum(rng.normal(size=(N, H)), 0), rng.uniform(0.5, 2.0, size=H) * np.resize([1.0, -1.0], H)


@check(points=0.5, function=HACT, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Layer]:
    """does not write into its arguments, and takes weights of any magnitude"""
    for scale in (1e-9, 1e9):
        yield np.maximum(rng.normal(size=(3, 4)), 0), scale * rng.uniform(0.5, 2.0, size=4)


@misconception(function=HELPER)
def each_row_is_x(W: Array, x: Array) -> Array:
    """Yours has x along its rows: entry [j, k] belongs to W[j, k], which is multiplied by x[j]."""
    return np.resize(np.atleast_2d(x).sum(axis=0), W.shape[::-1]) * 1.0


@misconception(function=HELPER)
def mean_of_the_samples(W: Array, x: Array) -> Array:
    """You averaged over the samples: each of them adds its part, and nothing divides by their number."""
    return np.atleast_2d(x).mean(axis=0)[:, None] * np.ones_like(W)


@misconception(function=HELPER)
def last_sample_only(W: Array, x: Array) -> Array:
    """Only the last sample is left: add the parts of all samples up, += instead of =."""
    return np.atleast_2d(x)[-1][:, None] * np.ones_like(W)


@misconception(function=HELPER)
def summed_over_the_inputs(W: Array, x: Array) -> Array:
    """You summed over the inputs of a sample; the sum goes over the samples, axis 0."""
    return (np.atleast_2d(x).sum(axis=1)[:, None] if x.ndim > 1 else x[:, None]) * np.ones_like(W)


@misconception(function=HELPER)
def one_matrix_a_sample(W: Array, x: Array) -> Array:
    """Yours has a matrix for each sample: these add up to one, of the shape of W."""
    return (x[..., None] * np.ones_like(W)) if x.ndim > 1 else x[:, None] * np.ones_like(W)


@misconception(function=HELPER)
def the_product_itself(W: Array, x: Array) -> Array:
    """That is the derivative times W: x @ W is linear in W, so its derivative does not depend on W."""
    return np.atleast_2d(x).sum(axis=0)[:, None] * W


@misconception(function=HACT)
def helper_with_swapped_arguments(Hact: Array, wout: Array) -> Array:
    """That is the helper for dY/dW, with wout in the place of a sample: it gives (H, H), whatever N is."""
    return wout[:, None] * np.ones(Hact.shape[1])


@misconception(function=HACT)
def one_column_a_sample(Hact: Array, wout: Array) -> Array:
    """Yours has wout down its columns: each ROW belongs to a sample, and has the weights of its units."""
    return wout[:, None] * np.ones(len(Hact))


@misconception(function=HACT)
def derivative_by_wout(Hact: Array, wout: Array) -> Array:
    """That is d score / d wout: of the two factors, the derivative with respect to one of them is the other."""
    return Hact + 0.0


@misconception(function=HACT)
def one_row_for_all(Hact: Array, wout: Array) -> Array:
    """wout alone has no axis for the samples: the derivative has the shape of Hact."""
    return wout + 0.0


@misconception(function=HACT)
def gated(Hact: Array, wout: Array) -> Array:
    """You put the relu's gate in: that belongs to d Hact / dH, the step before. An activation of 0 still has its weight."""
    return wout * (Hact > 0)


@misconception(function=HACT)
def terms_of_the_score(Hact: Array, wout: Array) -> Array:
    """Those are the terms of the score itself: how fast does each of them grow with its activation?"""
    return wout * Hact


@oracle(function=HELPER)
def autograd(torch: Any, W: Any, x: Any) -> Any:
    """PyTorch's gradient of the sum of all entries."""
    if x.ndim not in (1, 2):
        raise ValueError
    return torch.autograd.functional.jacobian(lambda W: (x @ W).sum(), W)


@oracle(function=HACT)
def autograd_of_the_scores(torch: Any, Hact: Any, wout: Any) -> Any:
    """PyTorch's gradient of the sum of the scores, of which each has its own row."""
    return torch.autograd.functional.jacobian(lambda Hact: (Hact @ wout).sum(), Hact)


@derivative_of("W", function=HELPER)
def total(W: Array, x: Array) -> Any:
    """The sum of all entries of x @ W."""
    return np.sum(x @ W)


@derivative_of("Hact", function=HACT)
def total_score(Hact: Array, wout: Array) -> Any:
    """The sum of the scores."""
    return np.sum(Hact @ wout)


derivation = """
Write the sum of all entries of x @ W for a batch, with the samples n, the inputs j and the outputs k:

    s = sum over n, k of Y[n, k] = sum over n, j, k of X[n, j] * W[j, k]

The weight W[j, k] is in one term for each sample, and is multiplied by X[n, j] there:

    d s / d W[j, k] = sum over n of X[n, j]

k is not on the right side. So all columns of the answer are the same, the sum of the samples, and W gives no more than its
shape. That is the helper: `X.sum(axis=0)` down each of the columns. It is X.T @ ones((N, H)) as well, the product X.T @ dY of
the way back for a sum, where each output counts 1. One sample is a batch of one, so `np.atleast_2d` makes the two cases one.

The other derivative is of another kind. A sample's score is a sum over its units, and contains its own activations alone:

    score[n] = sum over k of Hact[n, k] * wout[k]     so     d score[n] / d Hact[n, k] = wout[k]

There is nothing to be summed over the samples. Each row of the answer is wout, and there are N of them.

The usual mistake is to call the helper with wout in the place of a sample. The helper differentiates with respect to its
matrix, not with respect to what the matrix is multiplied by: it returns (H, H), with no axis for the samples. If N = H even
the shape fits.

    >>> vector_matrix_derivative(np.zeros((2, 3)), np.array([[1.0, 2.0], [10.0, 20.0]])).tolist()
    [[11.0, 11.0, 11.0], [22.0, 22.0, 22.0]]
    >>> wout = np.array([1.0, 2.0, 3.0])
    >>> dscore_dHact(np.ones((2, 3)), wout).tolist(), vector_matrix_derivative(np.ones((3, 3)), wout).shape
    ([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]], (3, 3))
"""
