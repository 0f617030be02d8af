"""Hidden checks for compare_with_autograd(X, W, wout, t, dW, dwout): PyTorch's gradients, and how far they are from others."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

Array = NDArray[np.float64]
Case = tuple[Array, Array, Array, Array, Array, Array]
Compared = tuple[Any, Any, Any]

hints = [
    "PyTorch works out gradients for tensors that were made with requires_grad=True. Which of the four are parameters?"
    " torch.tensor(array) keeps float64; torch.Tensor(array) does not.",
    "One forward pass to one number, one call of backward on it: then each parameter has its gradient in .grad. A second call"
    " would add to it.",
    "The error looks at every entry of both gradients: take absolute values first, and the largest of all at the very end.",
]


def _case(rng: np.random.Generator, N: int, D: int, H: int, off: float) -> Case:
    """Draw a batch, its gradients, and those of somebody who is off by about `off`, furthest in an entry that is too small."""
    while True:
        X, W = rng.normal(size=(N, D)), rng.normal(size=(D, H))
        active = X @ W > 0
        if 0.3 < active.mean() < 0.7 and (N == 1 or (active.any(axis=0).all() and not (active == active[0]).all())):
            break
    wout, t = rng.uniform(0.3, 1.0, size=H) * np.resize([1.0, -1.0], H), rng.uniform(size=N)
    dW, dwout = _gradients(X, W, wout, t)
    away = [off * rng.uniform(0.2, 0.6, size=each.shape) for each in (dW, dwout)]
    away[int(rng.integers(2))].flat[-1] = -off
    return X, W, wout, t, dW + away[0], dwout + away[1]


def _gradients(X: Array, W: Array, wout: Array, t: Array) -> tuple[Array, Array]:
    """Return the gradients, by hand."""
    hidden = X @ W
    p = 1 / (1 + np.exp(-(np.maximum(hidden, 0) @ wout)))
    dscore = 2 * (p - t) * p * (1 - p)
    return X.T @ (dscore[:, None] * wout * (hidden > 0)), np.maximum(hidden, 0).T @ dscore


@check(parts={"W_grad": 0, "wout_grad": 0, "error": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Case]:
    """gives [[0]], [-1/2] and 1/2 for the net that can be done on paper, and for one with two samples"""
    X, W, wout, t = np.array([[1.0]]), np.array([[2.0]]), np.array([0.0]), np.array([1.0])
    yield X, W, wout, t, np.array([[0.0]]), np.array([-1.0])
    X, t = np.array([[1.0], [3.0]]), np.array([1.0, 0.0])
    yield X, W, wout, t, np.array([[0.25]]), np.array([1.125])


@check(parts={"W_grad": 1, "wout_grad": 0.5, "error": 0.5})
def any_sizes(rng: np.random.Generator) -> Iterator[Case]:
    """gives both gradients and the largest difference, for any sizes, a batch of one included, and one hidden unit"""
    for N, D, H in [(5, 3, 4), (4, 6, 2), (7, 2, 5), (1, 3, 4), (3, 3, 3), (4, 3, 1)]:
        yield _case(rng, N, D, H, 0.5)


@check(parts={"W_grad": 0, "wout_grad": 0, "error": 0.5})
def small_differences(rng: np.random.Generator) -> Iterator[Case]:
    """tells apart what is 1e-5 or 1e-8 apart"""
    for off in (1e-5, 1e-8):
        yield _case(rng, 5, 3, 4, off)


@check(parts={"W_grad": 0.5, "wout_grad": 0.5, "error": 0.5}, readonly=True)
def large_and_left_alone(rng: np.random.Generator) -> Iterator[Case]:
    """does not write into its arguments, and takes gradients of any magnitude"""
    X, W, wout, t, dW, dwout = _case(rng, 4, 3, 2, 0.5)
    yield X, W, wout, t, dW, dwout
    yield X, W, wout, t + 1e5, 1e5 * dW, 1e5 * dwout
    yield 1e4 * X, W / 1e4, wout, t, 1e4 * dW, dwout


def _compared(case: Case, W_grad: Array, wout_grad: Array, error: float | None = None) -> Compared:
    *_, dW, dwout = case
    right = max(np.abs(dW - W_grad).max(), np.abs(dwout - wout_grad).max())
    return W_grad, wout_grad, float(right if error is None else error)


def _scaled(case: Case, factor: float) -> Compared:
    W_grad, wout_grad = _gradients(*case[:4])
    return _compared(case, factor * W_grad, factor * wout_grad)


@misconception
def mean_of_the_losses(*case: Array) -> Compared:
    """You went back from the MEAN of the squared errors; the loss is their sum."""
    return _scaled(case, 1 / len(case[0]))  # type: ignore[arg-type]


@misconception
def gone_back_twice(*case: Array) -> Compared:
    """Your gradients are twice too large: a second call of backward ADDS to what the first one left in .grad."""
    return _scaled(case, 2)  # type: ignore[arg-type]


@misconception
def in_float32(*case: Array) -> Compared:
    """You computed in float32, whose rounding is as large as the differences to be found: keep float64."""
    single = _gradients(*(each.astype(np.float32) for each in case[:4]))  # type: ignore[arg-type]
    W_grad, wout_grad = (each.astype(np.float64) for each in single)
    return _compared(case, W_grad, wout_grad)  # type: ignore[arg-type]


@misconception
def all_in_float32(*case: Array) -> Compared:
    """You computed in float32, whose rounding is as large as the differences to be found: keep float64."""
    rounded = tuple(each.astype(np.float32) for each in case)
    gradients = _gradients(*rounded[:4])  # type: ignore[arg-type]
    error = max(np.abs(given - each).max() for given, each in zip(rounded[4:], gradients, strict=True))
    W_grad, wout_grad = (each.astype(np.float64) for each in gradients)
    return _compared(case, W_grad, wout_grad, error)  # type: ignore[arg-type]


@misconception
def column_target(*case: Array) -> Compared:
    """One of p and t has the shape (N, 1) in yours, and the other (N,): their difference is a matrix of all pairs, (N, N). Give both
    the shape (N,)."""
    X, W, wout, t = case[:4]
    found = [_gradients(X, W, wout, np.full_like(t, each)) for each in t]
    return _compared(case, *(np.sum(each, axis=0) for each in zip(*found, strict=True)))  # type: ignore[arg-type]


@misconception
def hidden_summed(*case: Array) -> Compared:
    """You called backward on X @ W with a vector of ones: begin at the loss, which is one number."""
    X, W, wout, t = case[:4]
    return _compared(case, X.sum(axis=0)[:, None] * np.ones_like(W), _gradients(X, W, wout, t)[1])  # type: ignore[arg-type]


@misconception
def signed_difference(*case: Array) -> Compared:
    """Without absolute values an entry that is too small counts for nothing in your error."""
    W_grad, wout_grad = _gradients(*case[:4])
    error = max((case[4] - W_grad).max(), (case[5] - wout_grad).max())
    return _compared(case, W_grad, wout_grad, error)  # type: ignore[arg-type]


@misconception
def signed_the_other_way(*case: Array) -> Compared:
    """Without absolute values an entry that is too large counts for nothing in your error."""
    W_grad, wout_grad = _gradients(*case[:4])
    error = max((W_grad - case[4]).max(), (wout_grad - case[5]).max())
    return _compared(case, W_grad, wout_grad, error)  # type: ignore[arg-type]


@misconception
def lengths_of_the_differences(*case: Array) -> Compared:
    """You took the length of all differences of a gradient together: asked is the largest distance of one entry."""
    W_grad, wout_grad = _gradients(*case[:4])
    error = max(np.linalg.norm(case[4] - W_grad), np.linalg.norm(case[5] - wout_grad))
    return _compared(case, W_grad, wout_grad, float(error))  # type: ignore[arg-type]


@misconception
def first_gradient_only(*case: Array) -> Compared:
    """Your error looks at dW alone: dwout may be wrong as well."""
    W_grad, wout_grad = _gradients(*case[:4])
    return _compared(case, W_grad, wout_grad, np.abs(case[4] - W_grad).max())  # type: ignore[arg-type]


@misconception
def second_gradient_only(*case: Array) -> Compared:
    """Your error looks at dwout alone: dW may be wrong as well."""
    W_grad, wout_grad = _gradients(*case[:4])
    return _compared(case, W_grad, wout_grad, np.abs(case[5] - wout_grad).max())  # type: ignore[arg-type]


@misconception
def sum_of_both(*case: Array) -> Compared:
    """You added the largest differences of the two gradients up: asked is the larger one."""
    W_grad, wout_grad = _gradients(*case[:4])
    error = np.abs(case[4] - W_grad).max() + np.abs(case[5] - wout_grad).max()
    return _compared(case, W_grad, wout_grad, error)  # type: ignore[arg-type]


@misconception
def mean_difference(*case: Array) -> Compared:
    """You averaged the differences, which hides a single wrong entry: take the largest."""
    W_grad, wout_grad = _gradients(*case[:4])
    away = np.concatenate([np.abs(case[4] - W_grad).ravel(), np.abs(case[5] - wout_grad)])
    return _compared(case, W_grad, wout_grad, away.mean())  # type: ignore[arg-type]


@misconception
def relative_difference(*case: Array) -> Compared:
    """You divided the distances by the sizes of the gradients: asked is how far apart they are, not relative to anything."""
    gradients = _gradients(*case[:4])
    error = max((np.abs(given - each) / (np.abs(given) + np.abs(each))).max() for given, each in zip(case[4:], gradients, strict=True))
    return _compared(case, *gradients, error)  # type: ignore[arg-type]


@misconception
def length_of_the_difference(*case: Array) -> Compared:
    """You took the length of the whole difference, in which all entries count: asked is the entry that is furthest off."""
    W_grad, wout_grad = _gradients(*case[:4])
    error = np.sqrt(((case[4] - W_grad) ** 2).sum() + ((case[5] - wout_grad) ** 2).sum())
    return _compared(case, W_grad, wout_grad, error)  # type: ignore[arg-type]


@misconception
def score_without_sigmoid(*case: Array) -> Compared:
    """You compared the scores with the targets: the sigmoid is missing in your forward pass."""
    X, W, wout, t = case[:4]
    hidden = np.maximum(X @ W, 0)
    dscore = 2 * (hidden @ wout - t)
    return _compared(case, X.T @ (dscore[:, None] * wout * (hidden > 0)), hidden.T @ dscore)  # type: ignore[arg-type]


@misconception
def without_relu(*case: Array) -> Compared:
    """The relu is missing in your forward pass: PyTorch goes back through what you wrote, not through what you meant."""
    X, W, wout, t = case[:4]
    p = 1 / (1 + np.exp(-(X @ W @ wout)))
    dscore = 2 * (p - t) * p * (1 - p)
    return _compared(case, X.T @ (dscore[:, None] * wout), (X @ W).T @ dscore)  # type: ignore[arg-type]


@misconception
def given_gradients_returned(*case: Array) -> Compared:
    """You returned the gradients that were given; asked are those that PyTorch works out, to compare them with."""
    return _compared(case, case[4], case[5], _compared(case, *_gradients(*case[:4]))[2])  # type: ignore[arg-type]


@oracle
def by_hand(torch: Any, X: Any, W: Any, wout: Any, t: Any, dW: Any, dwout: Any) -> Any:
    """The gradients by hand: in this exercise it is autograd that is asked for."""
    p = torch.sigmoid(torch.relu(X @ W) @ wout)
    dscore = 2 * (p - t) * p * (1 - p)
    W_grad, wout_grad = X.T @ (torch.outer(dscore, wout) * (X @ W > 0)), dscore @ torch.relu(X @ W)
    return W_grad, wout_grad, torch.maximum((dW - W_grad).abs().max(), (dwout - wout_grad).abs().max()).item()


def _loss(X: Array, W: Array, wout: Array, t: Array) -> Any:
    hidden = X @ W
    return ((1 / (1 + np.exp(-(np.where(hidden.real > 0, hidden, 0) @ wout))) - t) ** 2).sum()


loss_by_W = derivative_of("W", part="W_grad")(_loss)
loss_by_wout = derivative_of("wout", part="wout_grad")(_loss)


derivation = """
PyTorch keeps a gradient for a tensor that was made with requires_grad=True, and that no operation has made: a leaf. So begin with
one leaf for each parameter. `torch.tensor(array)` copies a numpy array, and keeps its float64:

    W_leaf = torch.tensor(W, requires_grad=True)        and wout_leaf alike

Write the forward pass with torch's own functions, down to one number. PyTorch records each step on the way. `loss.backward()` goes
back through the record, and adds what it finds to the `grad` of each leaf, which begins with nothing. That happens once: a second
call would add all of it again. X and t are data, nobody asks for their gradients.

Then compare, entry by entry, with the gradients by hand:

    error = the largest of |dW - W_grad| and of |dwout - wout_grad|, over all entries

The absolute values come first. Otherwise an entry that is too small would count as a small number, and a large mistake pass. And the
largest comes last: in a mean, one wrong entry of a million is lost.

What have two programs shown that agree? That they compute the same, and for this input. PyTorch goes back through the forward pass
that you wrote, so a mistake in that is in both. And ReLUs that are all active, or a batch of one, hide a good deal.

The usual mistake is float32: `torch.Tensor(W)` and `W_leaf.float()` round to 7 digits, and then every gradient seems to be off.

    >>> X, W, wout, t = np.array([[1.0]]), np.array([[2.0]]), np.array([0.0]), np.array([1.0])
    >>> W_grad, wout_grad, error = compare_with_autograd(X, W, wout, t, np.array([[0.0]]), np.array([-1.0]))
    >>> W_grad.tolist(), wout_grad.tolist(), error
    ([[0.0]], [-0.5], 0.5)
    >>> torch.tensor(np.array([0.1])).dtype, torch.Tensor(np.array([0.1])).dtype
    (torch.float64, torch.float32)
"""
