"""Hidden checks for backprop_single: (loss, dW, dwout) of one sample, and the three steps that lead there."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks, slopes, slopes_of_the_output, upstreams

Array = NDArray[np.float64]
Weights = tuple[Array, Array, Array]
Sample = tuple[Array, Array, Array, float]
Step = tuple[Array, Array, Array, float]
Gradients = tuple[Array, Array]
Result = tuple[float | Array, Array, Array]

equivalent = {
    "swap operands: np.maximum(h, 0.0) @ wout -> wout @ np.maximum(h, 0.0)": "the product of two vectors is the same",
    "clip: float(np.maximum(h, 0.0) @ wout) -> np.clip(float(np.maximum(h, 0.0) @ wout), -100, 100)": (
        "the output is 0 or 1 for a score beyond 100, but for 4e-44"
    ),
    "clip: float(1 / (1 + np.exp(-score))) -> np.clip(float(1 / (1 + np.exp(-score))), -100, 100)": "p is between 0 "
    "and 1",
}

hints = [
    "Go back through the five lines of the net, the last one first, and write down one local derivative for each: "
    "of the loss with respect to p, of p with respect to the score, of the score with respect to wout and hact, of "
    "hact with respect to h, of h with respect to W.",
    "The first two give one number, dscore; the slope of the sigmoid can be written with p alone. The score is a "
    "product of hact and wout, so its derivative with respect to either is the other.",
    "On the way to W, dscore meets wout and then the mask of the units whose h is above 0, which gives d loss / dh, "
    "shape (H,). The gradient with respect to W is the outer product of x and that; the gradient with respect to wout"
    " is dscore times hact.",
]


# Scores of -19 and more: below, (1 + tanh(score / 2)) / 2, which is the sigmoid too, loses more digits than are allowed.


def _weights(rng: np.random.Generator, D: int, H: int, score: float | None = None) -> Weights:
    """Draw x, W and wout with active and inactive units, no unit near its kink, and a score off 0 or the one given.

    A single unit is active.
    """
    while True:
        x, W = rng.normal(size=D), rng.normal(size=(D, H))
        wout = rng.uniform(0.4, 1.5, size=H) * rng.choice([-1, 1], size=H)
        h = x @ W
        drawn = np.maximum(h, 0) @ wout
        if 0 < (h > 0).sum() < max(H, 2) and np.abs(h).min() > 0.05 and 0.3 < abs(drawn) < 3:
            return x, W, wout if score is None else wout * (score / drawn)


def _rescaled(x: Array, W: Array, wout: Array, hidden: float, gradient: float) -> Weights:
    """The same score, with h `hidden` times as large, and the gradient with respect to W `gradient` times."""
    return gradient * hidden * x, W / gradient, wout / hidden


def _step(rng: np.random.Generator, D: int, H: int, signs: list[int] | None = None) -> Step:
    """Draw x, h, wout and dscore; `signs` gives those of the entries of h."""
    h = rng.uniform(0.2, 2.0, size=H) * np.array(signs or rng.permutation(np.resize([1, -1], H)))
    wout = rng.uniform(0.4, 1.5, size=H) * rng.choice([-1, 1], size=H)
    return rng.normal(size=D), h, wout, rng.uniform(0.1, 0.4) * rng.choice([-1, 1])


# --- forward(x, W, wout)


@check(parts={"h": 0, "p": 0}, public=True, function="forward")
def forward_on_paper(rng: np.random.Generator) -> Iterator[Weights]:
    """forward gives h = [1, -2, 3] and p = 1/2 for a sample that can be done on paper"""
    yield np.array([2.0, 1.0]), np.array([[1.0, -1.0, 0.0], [-1.0, 0.0, 3.0]]), np.array([3.0, 4.0, -1.0])


@check(parts={"h": 1, "p": 1}, function="forward")
def forward_at_any_sizes(rng: np.random.Generator) -> Iterator[Weights]:
    """forward gives the pre-activations and the output for any number of inputs and hidden units, saturated or not"""
    for D, H in [(3, 4), (5, 2), (1, 3), (3, 1)]:
        yield _weights(rng, D, H)
    for score in (12.0, -19.0):
        yield _weights(rng, 3, 2, score)
    for hidden in (1e4, 2.0**-50):
        yield _rescaled(*_weights(rng, 2, 3), hidden=hidden, gradient=1.0)


@misconception(function="forward")
def no_relu_forward(x: Array, W: Array, wout: Array) -> tuple[Array, float]:
    """The score is taken from relu(h): units with a negative h contribute nothing."""
    h = x @ W
    return h, _sigmoid(h @ wout)


@misconception(function="forward")
def score_for_p(x: Array, W: Array, wout: Array) -> tuple[Array, float]:
    """You returned the score; p is the sigmoid of it."""
    h = x @ W
    return h, float(np.maximum(h, 0) @ wout)


@misconception(function="forward")
def activations_for_h(x: Array, W: Array, wout: Array) -> tuple[Array, float]:
    """h is what comes before the relu; you returned relu(h), from which the way back cannot tell what was negative."""
    h, p = _forward(x, W, wout)
    return np.maximum(h, 0), p


@oracle(function="forward")
def forward_in_torch(torch: Any, x: Any, W: Any, wout: Any) -> Any:
    """PyTorch's forward pass."""
    return x @ W, torch.sigmoid(torch.relu(x @ W) @ wout)


# --- dloss_dscore(p, t)


@check(points=0, public=True, function="dloss_dscore")
def dscore_on_paper(rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """dloss_dscore gives -1/4 for p = 1/2 and t = 1"""
    yield 0.5, 1.0


@check(points=1, function="dloss_dscore")
def dscore_at_any_output(rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """dloss_dscore gives the derivative for outputs above and below the target, however far off"""
    # Not near 1/2, where p and 1 - p are alike.
    for p, t in [(0.7, 0.0), (0.2, 1.0), (0.85, 0.4), (0.3, 0.65)]:
        yield p + rng.uniform(-0.05, 0.05), t
    yield 0.6, -1e4


@check(points=1, function="dloss_dscore")
def dscore_where_the_sigmoid_saturates(rng: np.random.Generator) -> Iterator[tuple[float, float]]:
    """dloss_dscore stays accurate where p is close to 0 or to 1"""
    yield 10 ** -rng.uniform(6, 9), 1.0
    yield 10 ** -rng.uniform(6, 9), 0.0
    yield 1 - 2.0**-20, 0.0


@misconception(function="dloss_dscore")
def cross_entropy_shortcut_in_dscore(p: float, t: float) -> float:
    """p-t already contains the sigmoid's slope only for the cross-entropy; with a squared error keep p*(1-p)."""
    return p - t


@misconception(function="dloss_dscore")
def no_sigmoid_slope_in_dscore(p: float, t: float) -> float:
    """That is the derivative of the loss with respect to p; on to the score it takes the sigmoid's slope as another
    factor."""
    return 2 * (p - t)


def _dscore_with_slope(slope: Callable[[Any], Any], p: float, t: float) -> float:
    return 2 * (p - t) * slope(p)


def _dscore_with_upstream(upstream: Callable[[Any, Any], Any], p: float, t: float) -> float:
    return upstream(p, t) * p * (1 - p)


wrong_slopes_in_dscore = slopes_of_the_output(_dscore_with_slope, function="dloss_dscore", suffix="_in_dscore")
wrong_upstreams_in_dscore = upstreams(
    _dscore_with_upstream, function="dloss_dscore", suffix="_in_dscore"
)


def score_of(p: float) -> float:
    """The score that has the output p."""
    return float(np.log(p / (1 - p)))


@derivative_of("score", at=score_of, function="dloss_dscore")
def loss_of_score(score: Any, t: float) -> Any:
    """The loss, for complex numbers too."""
    return (1 / (1 + np.exp(-score)) - t) ** 2


@oracle(function="dloss_dscore")
def dscore_in_torch(torch: Any, p: float, t: float) -> Any:
    """PyTorch's derivative of the loss with respect to the score that has the output p."""
    score = torch.logit(torch.tensor(p, dtype=torch.float64))
    return torch.autograd.functional.jacobian(lambda score: (torch.sigmoid(score) - t) ** 2, score)


# --- score_backward(x, h, wout, dscore)


@check(parts={"dW": 0, "dwout": 0}, public=True, function="score_backward")
def score_backward_on_paper(rng: np.random.Generator) -> Iterator[Step]:
    """score_backward gives both gradients for h = [1, -2, 3] and dscore = -1/4"""
    yield np.array([2.0, 1.0]), np.array([1.0, -2.0, 3.0]), np.array([3.0, 4.0, -1.0]), -0.25


@check(parts={"dW": 1, "dwout": 1}, function="score_backward")
def score_backward_at_any_sizes(rng: np.random.Generator) -> Iterator[Step]:
    """score_backward gives both gradients for any sizes, equal ones included, whether they are large or tiny"""
    for D, H in [(3, 4), (5, 2), (3, 3)]:
        yield _step(rng, D, H)
    x, h, wout, dscore = _step(rng, 2, 4)
    yield 1e4 * x, 1e5 * h, wout, dscore
    yield x, h, wout, 1e-15 * dscore


@check(parts={"dW": 0.5, "dwout": 0.5}, function="score_backward", readonly=True)
def score_backward_at_the_edges(rng: np.random.Generator) -> Iterator[Step]:
    """score_backward is right where all units are active, or dead, where one is exactly at its kink, and for a single one; it writes
    into none of its arguments"""
    yield _step(rng, 3, 2, [1, 1])
    yield _step(rng, 2, 3, [-1, -1, -1])
    yield _step(rng, 2, 4, [1, 0, -1, 1])
    yield _step(rng, 4, 3, [0, -1, 1])
    yield _step(rng, 3, 1, [1])
    # A unit that is barely active is active: no tolerance is asked.
    x, h, wout, dscore = _step(rng, 2, 4)
    yield x, 2.0**-50 * h, wout, dscore


@misconception(function="score_backward")
def wout_missing_in_step(x: Array, h: Array, wout: Array, dscore: float) -> Gradients:
    """The path to W goes through wout: d score / d hact = wout."""
    return np.outer(x, dscore * (h > 0)), dscore * np.maximum(h, 0)


@misconception(function="score_backward")
def dwout_before_the_relu_in_step(x: Array, h: Array, wout: Array, dscore: float) -> Gradients:
    """The score is made of relu(h): so what wout is multiplied with is 0 for a dead unit, and not its negative pre-activation."""
    return np.outer(x, dscore * wout * (h > 0)), dscore * h


@misconception(function="score_backward")
def dW_transposed_in_step(x: Array, h: Array, wout: Array, dscore: float) -> Gradients:
    """dW must have the shape of W, (D, H): one row for each entry of x. Yours is transposed."""
    return np.outer(dscore * wout * (h > 0), x), dscore * np.maximum(h, 0)


@misconception(function="score_backward")
def swapped_locals_in_step(x: Array, h: Array, wout: Array, dscore: float) -> Gradients:
    """d score / d wout = hact and d score / d hact = wout: yours are swapped."""
    return np.outer(x, dscore * np.maximum(h, 0)), dscore * wout


def _step_with_mask(mask: Callable[[Array], Array], x: Array, h: Array, wout: Array, dscore: float) -> Gradients:
    return np.outer(x, dscore * wout * mask(h)), dscore * np.maximum(h, 0)


wrong_masks_in_step = masks(_step_with_mask, function="score_backward", suffix="_in_step")


def weights_of(x: Array, h: Array) -> Array:
    """A W with x @ W = h."""
    return np.outer(x, h) / (x @ x)


def scaled_score(x: Array, W: Array, wout: Array, dscore: float) -> Any:
    """dscore times the score, for complex numbers too."""
    h = x @ W
    return dscore * (np.where(h.real > 0, h, 0) @ wout)


def scaled_score_of_activations(h: Array, wout: Array, dscore: float) -> Any:
    """The same, from h on."""
    return dscore * (np.maximum(h, 0) @ wout)


scaled_score_by_W = derivative_of("W", part=0, at=weights_of, function="score_backward")(scaled_score)
scaled_score_by_wout = derivative_of("wout", part=1, function="score_backward")(scaled_score_of_activations)


@oracle(function="score_backward")
def score_backward_in_torch(torch: Any, x: Any, h: Any, wout: Any, dscore: float) -> Any:
    """PyTorch's gradients of dscore * score, by a W that is chosen such that x @ W = h."""
    W = torch.outer(x, h) / (x @ x)
    # What x @ W differs from h by is rounding, and would decide at a kink: taken out, as a constant.
    rounding = h - x @ W
    return torch.autograd.functional.jacobian(lambda W, wout: dscore * (torch.relu(x @ W + rounding) @ wout), (W, wout))


# --- backprop_single(x, W, wout, t)


@check(parts={"loss": 0, "dW": 0, "dwout": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Sample]:
    """gives the loss 1/4 and both gradients for a sample that can be done on paper"""
    yield np.array([2.0, 1.0]), np.array([[1.0, -1.0, 0.0], [-1.0, 0.0, 3.0]]), np.array([3.0, 4.0, -1.0]), 1.0


@check(parts={"loss": 1, "dW": 1, "dwout": 1})
def any_sizes(rng: np.random.Generator) -> Iterator[Sample]:
    """gives the loss and both gradients for any number of inputs and hidden units, equal ones included"""
    for D, H, t in [(3, 4, 0.0), (5, 2, 1.0), (1, 3, 1.0), (3, 3, 0.0), (4, 1, 1.0)]:
        yield *_weights(rng, D, H), t
    yield *_weights(rng, 4, 3), 1e4


@check(parts={"loss": 0, "dW": 0.5, "dwout": 0.5})
def saturated_and_large(rng: np.random.Generator) -> Iterator[Sample]:
    """stays accurate where the output saturates on the wrong side of the target, and where gradients are large"""
    for score, t in [(12.0, 0.0), (-19.0, 1.0)]:
        yield *_weights(rng, 3, 2, score), t
    for hidden, gradient in [(1e6, 1e7), (2.0**-50, 1.0)]:
        yield *_rescaled(*_weights(rng, 2, 4), hidden=hidden, gradient=gradient), 1.0


@check(parts={"loss": 0, "dW": 0.25, "dwout": 0.25}, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Sample]:
    """does not write into x, W or wout"""
    yield *_weights(rng, 2, 4), 1.0


@check(parts={"loss": 0, "dW": 0.25, "dwout": 0.25})
def single_precision(rng: np.random.Generator) -> Iterator[Sample]:
    """takes float32 arrays, and is as accurate as they are"""
    # Multiples of 1/4: float32 holds h and the score exactly. h is [0.5, -1.5, 1.25] and the score 0.625, up to a sign.
    x, W = np.array([0.5, -1.0]), np.array([[1.0, 1.0, 0.5], [0.0, 2.0, -1.0]])
    wout = rng.permutation([1.0, -1.5, -1.0])
    yield x.astype(np.float32), W.astype(np.float32), wout.astype(np.float32), 1.0


def _sigmoid(score: float | Array) -> float:
    return float(1 / (1 + np.exp(-score)))


def _forward(x: Array, W: Array, wout: Array) -> tuple[Array, float]:
    """Return the pre-activations and the output."""
    h = x @ W
    return h, _sigmoid(np.maximum(h, 0) @ wout)


def _backward(x: Array, h: Array, wout: Array, dscore: float) -> Gradients:
    """Return the right gradients for a given d loss / d score."""
    return np.outer(x, dscore * wout * (h > 0)), dscore * np.maximum(h, 0)


def _right(x: Array, W: Array, wout: Array, t: float) -> tuple[float, Array, Array, Array, float]:
    """Return the right loss, dW and dwout, and the pre-activations and d loss / d score that lead to them."""
    h, p = _forward(x, W, wout)
    dscore = 2 * (p - t) * p * (1 - p)
    return (p - t) ** 2, *_backward(x, h, wout, dscore), h, dscore


@misconception(function="backprop_single")
def cross_entropy_shortcut(x: Array, W: Array, wout: Array, t: float) -> Result:
    """p-t already contains the sigmoid's slope only for the cross-entropy; with a squared error keep p*(1-p)."""
    h, p = _forward(x, W, wout)
    return (p - t) ** 2, *_backward(x, h, wout, p - t)


@misconception(function="backprop_single")
def no_sigmoid_slope(x: Array, W: Array, wout: Array, t: float) -> Result:
    """That is the derivative of the loss with respect to p; on to the score it takes the sigmoid's slope as another
    factor."""
    h, p = _forward(x, W, wout)
    return (p - t) ** 2, *_backward(x, h, wout, 2 * (p - t))


@misconception(function="backprop_single")
def wout_missing(x: Array, W: Array, wout: Array, t: float) -> Result:
    """The path to W goes through wout: d score / d hact = wout."""
    loss, _, dwout, h, dscore = _right(x, W, wout, t)
    return loss, np.outer(x, dscore * (h > 0)), dwout


@misconception(function="backprop_single")
def dwout_before_the_relu(x: Array, W: Array, wout: Array, t: float) -> Result:
    """The score is made of relu(h): so what wout is multiplied with is 0 for a dead unit, and not its negative pre-activation."""
    loss, dW, _, h, dscore = _right(x, W, wout, t)
    return loss, dW, dscore * h


@misconception(function="backprop_single")
def dW_transposed(x: Array, W: Array, wout: Array, t: float) -> Result:
    """dW must have the shape of W, (D, H): one row for each entry of x. Yours is transposed."""
    loss, dW, dwout, _, _ = _right(x, W, wout, t)
    return loss, dW.T, dwout


@misconception(function="backprop_single")
def swapped_locals(x: Array, W: Array, wout: Array, t: float) -> Result:
    """d score / d wout = hact and d score / d hact = wout: yours are swapped."""
    loss, _, _, h, dscore = _right(x, W, wout, t)
    return loss, np.outer(x, dscore * np.maximum(h, 0)), dscore * wout


@misconception(function="backprop_single")
def loss_of_shape_one(x: Array, W: Array, wout: Array, t: float) -> Result:
    """The loss is one number; a target or an output of shape (1,) makes it an array of shape (1,)."""
    loss, dW, dwout, _, _ = _right(x, W, wout, t)
    return np.array([loss]), dW, dwout


def _with_slope(slope: Callable[[Any], Any], x: Array, W: Array, wout: Array, t: float) -> Result:
    h, p = _forward(x, W, wout)
    score = np.maximum(h, 0) @ wout
    return (p - t) ** 2, *_backward(x, h, wout, 2 * (p - t) * slope(score))


def _with_upstream(upstream: Callable[[Any, Any], Any], x: Array, W: Array, wout: Array, t: float) -> Result:
    h, p = _forward(x, W, wout)
    return (p - t) ** 2, *_backward(x, h, wout, upstream(p, t) * p * (1 - p))


def _with_mask(mask: Callable[[Array], Array], x: Array, W: Array, wout: Array, t: float) -> Result:
    loss, _, dwout, h, dscore = _right(x, W, wout, t)
    return loss, np.outer(x, dscore * wout * mask(h)), dwout


# The sign of a negative slope is that of a flipped upstream.
wrong_slopes = slopes(_with_slope, function="backprop_single", but=["negative_slope"])
wrong_upstreams = upstreams(_with_upstream, function="backprop_single")
wrong_masks = masks(_with_mask, function="backprop_single", but=["open_at_the_kink"])  # no kink here


def loss(x: Array, W: Array, wout: Array, t: float) -> Any:
    """The loss, for complex numbers too: a unit is active where its real part is above 0."""
    h = x @ W
    return (1 / (1 + np.exp(-(np.where(h.real > 0, h, 0) @ wout))) - t) ** 2


loss_by_W = derivative_of("W", part=1, function="backprop_single")(loss)
loss_by_wout = derivative_of("wout", part=2, function="backprop_single")(loss)


@oracle(function="backprop_single")
def autograd(torch: Any, x: Any, W: Any, wout: Any, t: float) -> Any:
    """PyTorch's loss, and its gradients."""

    def loss(W: Any, wout: Any) -> Any:
        return (torch.sigmoid(torch.relu(x @ W) @ wout) - t) ** 2

    return loss(W, wout), *torch.autograd.functional.jacobian(loss, (W, wout))


derivation = """
Go back from the loss, and let every step hand its gradient to the step before it:

    loss = (p - t)**2          d loss / dp     = 2 * (p - t)
    p = sigmoid(score)         d loss / dscore = 2 * (p - t) * p * (1 - p)
    score = hact @ wout        dwout[k] = dscore * hact[k],    and for hact[k] it is dscore * wout[k]
    hact = relu(h)             dh[k]    = dscore * wout[k] where h[k] > 0, else 0
    h = x @ W                  dW[j, k] = x[j] * dh[k]

Each line is "what arrives, times the slope of this step". The slope of the sigmoid comes from its output p, without a new
exponential. The slope of relu is 1 or 0, so it is a mask, and it looks at h, the numbers before relu. At h = 0 it is 0, hence
`h > 0`. The last line has one factor with j and one with k: an outer product, `np.outer(x, dh)`, of the shape of W. The others
are entry by entry, because wout, hact and h all have one number for each hidden unit.

`forward` returns h and not relu(h). dwout needs relu(h), which is quickly made of h, and the mask needs to know what was
negative.

The usual mistake is to lose the factor p * (1 - p). "p - t" alone is the gradient with respect to the score of the
cross-entropy, where the factor cancels. Here the loss is a square, and it does not cancel.

    >>> dloss_dscore(0.5, 0.0)
    0.25
    >>> dW, dwout = score_backward(np.array([1.0, 3.0]), np.array([1.0, -2.0]), np.array([4.0, 5.0]), 0.25)
    >>> dW.tolist(), dwout.tolist()
    ([[1.0, 0.0], [3.0, 0.0]], [0.25, 0.0])
"""
