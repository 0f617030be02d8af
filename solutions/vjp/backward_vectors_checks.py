"""Hidden checks for backward_vectors(X, W, T, i, j): what to hand to Y.backward, for Y = X @ W, each of shape (N, H)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Question = tuple[Array, Array, Array, int, int]
Answer = tuple[Any, Any, Any]

hints = [
    "v is multiplied with Y, entry by entry. How many entries does it need, and in which shape?",
    "Write out the sum over all entries of v * Y. For which v is it the sum of the entries of Y, and for which is it Y[i, j]?",
    "The squared error is no sum of v * Y with fixed numbers. But what backward passes on is, in each case, how much the number"
    " changes with each entry of Y.",
]


def _question(rng: np.random.Generator, N: int, D: int, H: int) -> tuple[Array, Array, Array]:
    """Draw a layer and targets that are off from its outputs by sizes between 1/2 and 2, of both signs."""
    X, W = rng.normal(size=(N, D)), rng.normal(size=(D, H))
    off = rng.uniform(0.6, 1.9, size=(N, H)) * np.resize([1.0, -1.0, -1.0], (N, H))
    return X, W, X @ W + off


@check(parts={"total": 0, "entry": 0, "error": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Question]:
    """gives all three for the batch on paper, with i = 1 and j = 3"""
    T = np.array([[0.0, 2.0, 1.0, 0.0], [3.0, 4.0, 1.0, 4.0], [5.0, 6.0, 1.0, 4.0]])
    yield np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.array([[1.0, 0.0, -1.0, 2.0], [0.0, 1.0, 1.0, -1.0]]), T, 1, 3


@check(parts={"total": 1, "entry": 1, "error": 1})
def any_sizes(rng: np.random.Generator) -> Iterator[Question]:
    """gives all three for batches and layers of any size"""
    yield *_question(rng, 5, 3, 4), 1, 2
    yield *_question(rng, 4, 6, 3), 3, 0
    yield *_question(rng, 2, 5, 7), 0, 6


@check(parts={"total": 0.5, "entry": 0.5, "error": 0.25})
def shapes_that_fit(rng: np.random.Generator) -> Iterator[Question]:
    """gives all three where the shape of another array fits by accident"""
    yield *_question(rng, 3, 3, 2), 2, 1  # W is as large as Y
    yield *_question(rng, 4, 2, 2), 0, 1  # X is as large as Y
    yield *_question(rng, 3, 3, 3), 0, 2
    yield *_question(rng, 1, 2, 3), 0, 1
    yield *_question(rng, 4, 3, 1), 2, 0


@check(parts={"total": 0.25, "entry": 0.25, "error": 0.25}, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Question]:
    """gives all three for huge and tiny outputs, for a net that is right already, and writes into no argument"""
    X, W, T = _question(rng, 3, 2, 4)
    yield 1e6 * X, W, 1e6 * T, 1, 1
    yield 1e-6 * X, 1e-4 * W, 1e-10 * T, 2, 3
    # Whole numbers, so that Y - T is exactly 0.
    X, W = np.array([[1.0, -2.0], [3.0, 1.0], [0.0, 2.0]]), np.array([[2.0, 1.0, 0.0, -1.0], [1.0, 0.0, 3.0, 2.0]])
    yield X, W, X @ W, 2, 0


def _with(X: Array, W: Array, T: Array, i: int, j: int, **others: Any) -> Answer:
    """Return the right answer, but for some parts."""
    Y = X @ W
    parts = {"total": np.ones_like(Y), "entry": _unit(Y, i, j), "error": 2 * (Y - T)} | others
    return parts["total"], parts["entry"], parts["error"]


def _unit(Y: Array, i: int, j: int) -> Array:
    entry = np.zeros_like(Y)
    entry[i, j] = 1.0
    return entry


@misconception
def ones_like_the_weights(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """v is multiplied with Y, and so it has the shape of Y. That of W fits only where there are as many samples as inputs."""
    return _with(X, W, T, i, j, total=np.ones_like(W))


@misconception
def ones_like_the_inputs(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """v is multiplied with Y, and so it has the shape of Y. That of X fits only where there are as many inputs as outputs."""
    return _with(X, W, T, i, j, total=np.ones_like(X))


@misconception
def ones_for_a_single_sample(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """You have a number for each output of one sample: the batch has a row of them for every sample."""
    return _with(X, W, T, i, j, total=np.ones(W.shape[1]))


@misconception
def one_number_for_total(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """The total is one number, but v is not: it says for each entry of Y how much that counts."""
    return _with(X, W, T, i, j, total=1.0)


@misconception
def mean_for_total(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """With that v you get the gradient of the mean: in a sum each entry counts whole."""
    return _with(X, W, T, i, j, total=np.full_like(X @ W, 1 / (X @ W).size))


@misconception
def outputs_for_total(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """You handed back Y itself: then each entry counts as much as it is large, and the sum is that of their squares."""
    return _with(X, W, T, i, j, total=X @ W)


@misconception
def row_for_the_entry(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """You chose the whole row: that is the sum of all outputs of sample i, where one of them is asked for."""
    return _with(X, W, T, i, j, entry=_unit(X @ W, i, j).sum(axis=1, keepdims=True) * np.ones_like(X @ W))


@misconception
def column_for_the_entry(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """You chose the whole column: that is the sum of output j over all samples, where one of them is asked for."""
    return _with(X, W, T, i, j, entry=_unit(X @ W, i, j).sum(axis=0) * np.ones_like(X @ W))


@misconception
def value_of_the_entry(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """You put the value of the entry in its place: v says how much an entry counts, and not how large it is."""
    return _with(X, W, T, i, j, entry=_unit(X @ W, i, j) * (X @ W))


@misconception
def one_number_for_the_entry(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """A number does not say which entry is meant: v needs a place for each entry of Y."""
    return _with(X, W, T, i, j, entry=1.0)


@misconception
def entry_of_one_sample(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """You have a place for each output of one sample: the batch has a row of them for every sample."""
    return _with(X, W, T, i, j, entry=np.eye(W.shape[1])[j])


@misconception
def missing_two(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """The factor 2 of the square is missing (it would only cancel if the error had a 1/2)."""
    return _with(X, W, T, i, j, error=X @ W - T)


@misconception
def errors_themselves(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """You handed back the squares themselves: what is passed back is how much they change with Y."""
    return _with(X, W, T, i, j, error=(X @ W - T) ** 2)


@misconception
def error_as_a_number(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """That is the error, one number: what is passed back has a place for each entry of Y."""
    return _with(X, W, T, i, j, error=((X @ W - T) ** 2).sum())


@misconception
def ones_for_the_error(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """With ones, backward computes the gradient of the sum of Y, and the error has no part in it."""
    return _with(X, W, T, i, j, error=np.ones_like(X @ W))


@misconception
def mean_error(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """The error is a sum over all entries: you have the gradient of the mean."""
    return _with(X, W, T, i, j, error=2 * (X @ W - T) / T.size)


@misconception
def gradients_of_the_weights(X: Array, W: Array, T: Array, i: int, j: int) -> Answer:
    """Those are what backward leaves in W.grad: asked is what it is handed, in front of the layer's own derivative."""
    total, entry, error = _with(X, W, T, i, j)
    return X.T @ total, X.T @ entry, X.T @ error


equivalent = {
    "clip: np.ones_like(Y) -> np.clip(np.ones_like(Y), -100, 100)": "ones are neither large nor rounded",
    "round: np.ones_like(Y) -> np.round(np.ones_like(Y), decimals=6)": "ones are neither large nor rounded",
    "clip: entry -> np.clip(entry, -100, 100)": "a one and zeros are neither large nor rounded",
    "round: entry -> np.round(entry, decimals=6)": "a one and zeros are neither large nor rounded",
}


@oracle
def autograd(torch: Any, X: Any, W: Any, T: Any, i: int, j: int) -> Any:
    """PyTorch's gradients of the three numbers with respect to Y."""
    numbers = (torch.sum, lambda Y: Y[i, j], lambda Y: ((Y - T) ** 2).sum())
    return tuple(torch.autograd.functional.jacobian(number, X @ W) for number in numbers)


def _outputs(X: Array, W: Array) -> Array:
    return X @ W


@derivative_of("Y", part="total", at=_outputs)
def sum_of_the_outputs(Y: Array) -> Any:
    """Compute the sum of the entries."""
    return Y.sum()


@derivative_of("Y", part="entry", at=_outputs)
def one_output(Y: Array, i: int, j: int) -> Any:
    """Compute one entry."""
    return Y[i, j]


@derivative_of("Y", part="error", at=_outputs)
def squared_error(Y: Array, T: Array) -> Any:
    """Compute the squared error."""
    return ((Y - T) ** 2).sum()


derivation = """
`Y.backward(v)` weights every entry of Y with the entry of v in its place, and adds up. What it leaves in W.grad is the
gradient of that one number:

    d/dW[a, b] of (sum over n, k of v[n, k] * Y[n, k])  =  sum over n, k of v[n, k] * dY[n, k] / dW[a, b]

Now take a number that is made of Y, call it E. By the chain rule its gradient is

    dE/dW[a, b] = sum over n, k of dE/dY[n, k] * dY[n, k] / dW[a, b]

Compare the two: v has to be dE/dY, which has the shape of Y. Do this for each of the three numbers:

    total = sum over n, k of Y[n, k]                   dE/dY[n, k] = 1
    entry = Y[i, j]                                    dE/dY[n, k] = 1 where n = i and k = j, else 0
    error = sum over n, k of (Y[n, k] - T[n, k])**2    dE/dY[n, k] = 2 * (Y[n, k] - T[n, k])

The first two do not depend on Y, as those numbers are linear in it. In code they are `np.ones_like(Y)`, and zeros with a
single 1. PyTorch needs no v if Y is one number: then v is 1, the derivative of a number with respect to itself.

The usual mistake is a v that fits one sample, or W, as in `Y.backward(torch.ones(H))`. It is the shape of Y that counts,
(N, H). The second one is to hand back the value of the number in place of its derivative.

    >>> X, W = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 0.0, -1.0], [0.0, 1.0, 1.0]])
    >>> total, entry, error = backward_vectors(X, W, X @ W - 0.5, 1, 0)
    >>> total.shape, entry.tolist(), error[0].tolist()
    ((2, 3), [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]], [1.0, 1.0, 1.0])
    >>> (X.T @ entry).tolist()
    [[3.0, 0.0, 0.0], [4.0, 0.0, 0.0]]
"""
