"""Hidden checks for backprop_batch(X, W, wout, t): the gradients (dW, dwout) of a squared error summed over a batch."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle
from grader.course.checks import Misconception

from ..slips import masks, slopes, upstreams
from ..drawing import NEGATIVE, figure, table

Array = NDArray[np.float64]
Batch = tuple[Array, Array, Array, Array]
Gradients = tuple[Array, Array]

hints = [
    "Solve it for one sample first: which numbers does the chain rule multiply on the way from the loss to one weight?",
    "Go back one step at a time, and keep the batch axis: d loss / dp and d loss / d score have shape (N,), and"
    " d loss / d Hact and d loss / dH have shape (N, H). The mask H > 0 has that shape, too.",
    "Only the last step sums over the samples. It is a matrix product over the batch axis, which has to give the shape"
    " of W from X and d loss / dH, and that of wout from relu(H) and d loss / d score.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, X: "Array", w: "Array", wout: "Array", t: "Array") -> Any:
    """Return every so many entries of both gradients, for a W of the entries of w over and over."""
    returned = function(X, np.resize(w, (X.shape[1], len(wout))), wout, t)
    dW, dwout = (returned["dW"], returned["dwout"]) if isinstance(returned, dict) else returned
    return np.asarray(dW)[::37, ::29], np.asarray(dwout)[::29]


def central_differences(X: "Array", W: "Array", wout: "Array", t: "Array") -> "Gradients":
    """Differentiate nothing: every weight is moved a little, and the loss computed twice for it."""

    def loss(W: "Array", wout: "Array") -> Any:
        return np.sum((1 / (1 + np.exp(-np.maximum(X @ W, 0) @ wout)) - t) ** 2)

    gradients = np.empty_like(W), np.empty_like(wout)
    for gradient in gradients:
        for index in np.ndindex(gradient.shape):
            ahead, behind = [W.copy(), wout.copy()], [W.copy(), wout.copy()]
            place = 2 - gradient.ndim
            ahead[place][index] += 1e-5
            behind[place][index] -= 1e-5
            gradient[index] = (loss(*ahead) - loss(*behind)) / 2e-5
    return gradients


def _batch(rng: np.random.Generator, N: int, D: int, H: int) -> Batch:
    """Draw a batch with active and inactive units, masks that differ between samples, and no sample near a kink."""
    while True:
        X, W = rng.normal(size=(N, D)), rng.normal(size=(D, H))
        hidden = X @ W
        active = hidden > 0
        share = active.mean()
        alike = N > 1 and (active == active[0]).all()
        if 0.2 < share < 0.8 and not alike and active[-1].any() and np.abs(hidden).min() > 0.01:
            return X, W, rng.uniform(0.3, 1.0, size=H) * rng.choice([-1, 1], size=H), rng.uniform(size=N)


@check(parts={"dW": 0, "dwout": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Batch]:
    """gives both gradients for a batch of two samples that can be done on paper"""
    # Both scores are 0, and the second unit is dead.
    yield (
        np.array([[1.0, 2.0], [3.0, 1.0]]),
        np.array([[1.0, 0.0, 2.0], [0.0, -1.0, 0.0]]),
        np.array([2.0, 1.0, -1.0]),
        np.array([1.0, 0.0]),
    )


@check(parts={"dW": 5, "dwout": 2})
def any_sizes(rng: np.random.Generator) -> Iterator[Batch]:
    """gives both gradients for any number of samples, inputs and hidden units"""
    for N, D, H in [(5, 3, 4), (4, 6, 2), (7, 2, 5)]:
        yield _batch(rng, N, D, H)


@check(parts={"dW": 1, "dwout": 1})
def batch_of_one(rng: np.random.Generator) -> Iterator[Batch]:
    """gives both gradients for a batch of one sample, also of one input"""
    yield _batch(rng, 1, 3, 4)
    yield _batch(rng, 1, 1, 3)


@check(parts={"dW": 1, "dwout": 1})
def equal_sizes(rng: np.random.Generator) -> Iterator[Batch]:
    """gives both gradients where N, D and H are the same, so that a wrong product has the right shape"""
    yield _batch(rng, 3, 3, 3)


@check(parts={"dW": 1, "dwout": 1})
def all_active(rng: np.random.Generator) -> Iterator[Batch]:
    """gives both gradients where every unit is active for every sample, a single one too"""
    for N, D, H in [(4, 3, 2), (5, 2, 1)]:
        yield (
            rng.uniform(0.2, 1.5, size=(N, D)),
            rng.uniform(0.1, 1.0, size=(D, H)),
            rng.uniform(0.3, 1.0, size=H) * np.resize([1, -1], H),
            rng.uniform(size=N),
        )


@check(parts={"dW": 1, "dwout": 1})
def all_dead(rng: np.random.Generator) -> Iterator[Batch]:
    """gives zeros where every unit is dead for every sample, also where a pre-activation is exactly 0"""
    N, D, H = 3, 4, 2
    # Targets off 1/2, the output of a dead net: without the mask there would be something to pass back.
    yield (
        rng.uniform(0.2, 1.5, size=(N, D)),
        -rng.uniform(0.1, 1.0, size=(D, H)),
        rng.normal(size=H),
        rng.uniform(0.7, 1.0, size=N),
    )
    # Small whole numbers, so that the first unit is at the kink exactly, in whatever order its sum is taken.
    for samples in (N, 2):
        yield (
            np.repeat(rng.integers(1, 9, size=(samples, D // 2)), 2, axis=1).astype(np.float64),
            np.array([[1.0, -1.0], [-1.0, -2.0], [2.0, -1.0], [-2.0, -1.0]]),
            np.array([0.75, -0.5]),
            rng.uniform(0.7, 1.0, size=samples),
        )


@check(parts={"dW": 1, "dwout": 1})
def any_row_order(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the same gradients when the samples are shuffled together with their targets"""
    X, W, wout, t = _batch(rng, 6, 4, 3)
    yield X, W, wout, t
    order = [5, 2, 0, 4, 1, 3]
    yield X[order], W, wout, t[order]


@check(parts={"dW": 1, "dwout": 1})
def saturated_and_large(rng: np.random.Generator) -> Iterator[Batch]:
    """stays accurate where outputs saturate on the wrong side of their targets, and where gradients are large"""
    # Scores of 12, -19 and 3, and of -19 alone: below, (1 + tanh(score / 2)) / 2, which is the sigmoid too, loses digits.
    X, W, wout = np.eye(3), np.array([[4.0, -1.0], [-2.0, 4.0], [1.0, -3.0]]), np.array([3.0, -4.75])
    W *= rng.uniform(0.95, 1.0)
    yield X, W, wout, np.array([0.0, 1.0, 0.0])
    yield X[1:2], W, wout, np.array([1.0])
    # Outputs as before where X is c * d times as large, W divided by c, and wout by d.
    X, W, wout, t = _batch(rng, 5, 3, 2)
    yield 1e7 * X, W / 1e4, wout / 1e3, t
    yield 1e-3 * X, W / 1e-6, wout / 1e3, t
    # Units that are barely active are active: no tolerance is asked.
    yield X, 2.0**-50 * W, 2.0**50 * wout, t
    yield X, W, wout, t + 1e4


@check(parts={"dW": 1, "dwout": 0}, driver=some_entries, long_way=central_differences)
def real_size(rng: np.random.Generator) -> Iterator[tuple[Array, ...]]:
    """takes a layer with 400 inputs and 400 hidden units in good time"""
    yield rng.normal(size=(2, 400)), rng.normal(size=401) / 2, rng.normal(size=400) / 100, np.array([0.0, 1.0])


def _forward(X: Array, W: Array, wout: Array) -> tuple[Array, Array]:
    """Return the pre-activations (N, H) and the outputs p (N,)."""
    hidden = X @ W
    return hidden, 1 / (1 + np.exp(-(np.maximum(hidden, 0) @ wout)))


def _backward(X: Array, wout: Array, hidden: Array, dscore: Array) -> Gradients:
    """Return the right gradients for a given d loss / d score, shape (N,)."""
    return X.T @ (dscore[:, None] * wout * (hidden > 0)), np.maximum(hidden, 0).T @ dscore


def _right(X: Array, W: Array, wout: Array, t: Array) -> tuple[Gradients, Array, Array]:
    """Return the right gradients, and the pre-activations and d loss / d score that lead to them."""
    hidden, p = _forward(X, W, wout)
    dscore = 2 * (p - t) * p * (1 - p)
    return _backward(X, wout, hidden, dscore), hidden, dscore


@misconception
def elementwise_sum_of_jacobians(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """A sum over the samples cannot take factors of one sample: keep each sample's own factors until a product sums
    over n."""
    (_, dwout), hidden, dscore = _right(X, W, wout, t)
    return dscore[:, None] * wout * (hidden > 0) * X.sum(axis=0)[:, None], dwout


@misconception
def summed_upstream(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """Summing X over the batch before the chain rule mixes samples: apply the chain rule to each sample, then sum."""
    (_, dwout), hidden, dscore = _right(X, W, wout, t)
    return X.sum(axis=0)[:, None] * (dscore[:, None] * wout * (hidden > 0)).sum(axis=0), dwout


@misconception
def mean_instead_of_sum(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """The loss is a SUM over the batch; you divided by N."""
    (dW, dwout), _, _ = _right(X, W, wout, t)
    return dW / len(X), dwout / len(X)


@misconception
def cross_entropy_shortcut(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """p - t is the upstream gradient of the cross-entropy; with a squared error keep the factor p*(1-p)."""
    hidden, p = _forward(X, W, wout)
    return _backward(X, wout, hidden, p - t)


@misconception
def column_target(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """One of p and t has the shape (N, 1), and the other (N,): their difference broadcasts to (N, N); make both (N,)."""
    hidden, p = _forward(X, W, wout)
    return _backward(X, wout, hidden, (2 * (p - t[:, None]) * p * (1 - p)).sum(axis=0))


@misconception
def last_sample_only(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """Accumulate over all samples: += instead of =."""
    return _right(X[-1:], W, wout, t[-1:])[0]


@misconception
def dwout_per_sample(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """Sum the per-sample contributions over axis 0: dwout has shape (H,)."""
    (dW, _), hidden, dscore = _right(X, W, wout, t)
    return dW, np.maximum(hidden, 0) * dscore[:, None]


@misconception
def wout_missing(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """The path to W goes through wout, which your gradient does not contain: how does the score depend on relu(H)?"""
    (_, dwout), hidden, dscore = _right(X, W, wout, t)
    return X.T @ (dscore[:, None] * (hidden > 0)), dwout


@misconception
def wout_already_updated(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """Use wout as it was in the forward pass: you took a step with it before its part in the other gradient."""
    (_, dwout), hidden, dscore = _right(X, W, wout, t)
    return X.T @ (dscore[:, None] * (wout - dwout) * (hidden > 0)), dwout


@misconception
def mean_upstream(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """Averaging d loss / d score over the batch mixes the samples: each meets its own mask and its own inputs first."""
    (_, dwout), hidden, dscore = _right(X, W, wout, t)
    return X.T @ (np.full_like(dscore, dscore.mean())[:, None] * wout * (hidden > 0)), dwout


@misconception
def dwout_before_the_relu(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """The score is made of relu(H): so what wout is multiplied with is 0 for a dead unit, and not its negative pre-activation."""
    (dW, _), hidden, dscore = _right(X, W, wout, t)
    return dW, hidden.T @ dscore


@misconception
def mask_of_the_sums(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """One gate for the whole batch, from H added up over the samples, mixes them: each sample has its own gates."""
    (_, dwout), hidden, dscore = _right(X, W, wout, t)
    return X.T @ (dscore[:, None] * wout) * (hidden.sum(axis=0) > 0), dwout


@misconception
def slope_missing_on_the_hidden_path(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    """dwout has the slope of the sigmoid, dW has not: both paths begin at the score."""
    (_, dwout), hidden, _ = _right(X, W, wout, t)
    _, p = _forward(X, W, wout)
    return X.T @ ((2 * (p - t))[:, None] * wout * (hidden > 0)), dwout


def _kept_off(bound: float) -> Misconception:
    def p_kept_off_0_and_1(X: Array, W: Array, wout: Array, t: Array) -> Gradients:
        """You keep p off 0 and 1: samples that saturate have another gradient then. A squared error takes no logarithm, and needs no
        such guard."""
        hidden, p = _forward(X, W, wout)
        p = np.clip(p, bound, 1 - bound)
        return _backward(X, wout, hidden, 2 * (p - t) * p * (1 - p))

    p_kept_off_0_and_1.__name__ += f"_by_{bound:.0e}".replace("-", "")
    return misconception(p_kept_off_0_and_1)


guards = tuple(map(_kept_off, (1e-3, 1e-6, 1e-7, 1e-8)))


def _with_slope(slope: Callable[[Any], Any], X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    hidden, p = _forward(X, W, wout)
    return _backward(X, wout, hidden, 2 * (p - t) * slope(np.maximum(hidden, 0) @ wout))


def _with_upstream(upstream: Callable[[Any, Any], Any], X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    hidden, p = _forward(X, W, wout)
    return _backward(X, wout, hidden, upstream(p, t) * p * (1 - p))


def _with_mask(mask: Callable[[Array], Array], X: Array, W: Array, wout: Array, t: Array) -> Gradients:
    (_, dwout), hidden, dscore = _right(X, W, wout, t)
    return X.T @ (dscore[:, None] * wout * mask(hidden)), dwout


# The sign of a negative slope is that of a flipped upstream.
wrong_slopes = slopes(_with_slope, but=["negative_slope"])
wrong_upstreams = upstreams(_with_upstream)
wrong_masks = masks(_with_mask)


@oracle
def autograd(torch: Any, X: Any, W: Any, wout: Any, t: Any) -> Any:
    """PyTorch's gradients of the summed loss."""

    def loss(W: Any, wout: Any) -> Any:
        return ((torch.sigmoid(torch.relu(X @ W) @ wout) - t) ** 2).sum()

    return torch.autograd.functional.jacobian(loss, (W, wout))


def _loss(X: Array, W: Array, wout: Array, t: Array) -> float:
    return ((_forward(X, W, wout)[1] - t) ** 2).sum()


loss_by_W = derivative_of("W", part="dW")(_loss)
loss_by_wout = derivative_of("wout", part="dwout")(_loss)


picture = figure(
    "Three samples and two units: each sample has its own row of pre-activations, and so its own mask.",
    table(
        "H = X @ W  (N, H)",
        [["1.5", "-2"], ["-0.5", "3"], ["2", "0.5"]],
        rows=["sample 0", "sample 1", "sample 2"],
        columns=["unit 0", "unit 1"],
        grounds={(0, 1): NEGATIVE, (1, 0): NEGATIVE},
    ),
    table(
        "what relu lets through",
        [["passes", "blocks"], ["blocks", "passes"], ["passes", "passes"]],
        columns=["unit 0", "unit 1"],
        grounds={(0, 1): NEGATIVE, (1, 0): NEGATIVE},
    ),
    note="A batch has one mask for each sample. dW adds up what all samples send to a weight.",
)


derivation = """
Take one sample first, with the row x of X, and let every step hand its gradient to the step before it:

    loss = (p - t)**2           d loss / d p     = 2 * (p - t)
    p = sigmoid(score)          d loss / d score = 2 * (p - t) * p * (1 - p)        call it g, one number
    score = relu(h) @ wout      d loss / d wout  = g * relu(h), and d loss / d relu(h) = g * wout
    relu(h)                     d loss / d h     = g * wout where h > 0, else 0     call it d, shape (H,)
    h = x @ W                   d loss / d W[j, k] = x[j] * d[k], since h[k] = sum over j of x[j] * W[j, k]

The loss of a batch is the sum over its samples, so its gradients are the sums of theirs. Write g[n] and d[n, k] for sample n:

    dwout[k] = sum over n of relu(H)[n, k] * g[n]
    dW[j, k] = sum over n of X[n, j] * d[n, k]

A sum over an index that two factors share is a matrix product: nothing has to be added by hand, and no tensor with an axis for
the samples and two for W is ever made.

    >>> X, W, wout, t = np.array([[1.0, 2.0]]), np.zeros((2, 3)), np.ones(3), np.array([1.0])
    >>> [each.shape for each in backprop_batch(X, W, wout, t)]
    [(2, 3), (3,)]

The usual mistake is to sum too early: X, the mask or g, added up over the batch before they are multiplied. Then the inputs of
one sample meet the gate of another.
"""
