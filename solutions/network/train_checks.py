"""Hidden checks for train(X, t, params, lr, steps): the losses of gradient descent on a net with one hidden layer."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception, oracle

from ..slips import masks

Array = NDArray[np.float64]
Params = tuple[Array, Array, Array, Any]
Run = tuple[Array, Array, Params, float, int]

hints = [
    "Write one step first: forward, the loss, and the four gradients, each in the shape of its parameter. `backprop_batch`"
    " and `linear_backward` have all of it, but for the mean.",
    "All four gradients belong to the parameters with which the forward pass was made: compute them all, then step with all.",
    "Note the loss before you step, and once more after the last step: steps + 1 losses. Build new arrays (W1 = W1 - ...),"
    " as W1 -= ... would write into params.",
]


# Drivers and judges travel as source: they may use their arguments, builtins and np alone.


def net_of_real_size(function: Any, X: "Array", t: "Array", w: "Array", v: "Array", lr: float, steps: int) -> Any:
    """Return the losses of a net whose first layer has the entries of w over and over."""
    return function(X, t, (np.resize(w, (X.shape[1], len(v))), np.cos(v), np.sin(v) / 20, 0.0), lr, steps)


def learned(returned: "Array", X: "Array", t: "Array", params: "Params", lr: float, steps: int) -> str | None:
    """Say where the losses of a long run do not begin, fall and end as they have to."""
    if len(returned) != steps + 1:
        return f"There have to be {steps + 1} losses, not {len(returned)}."
    if not np.isfinite(returned).all():
        return "Some of the losses are not finite: your steps lead away from the minimum."
    if abs(returned[0] - np.mean((np.maximum(X @ params[0] + params[1], 0) @ params[2] + params[3] - t) ** 2)) > 1e-9:
        return "The first loss is not that of the parameters as they were given."
    if returned[-1] > 1e-3:
        return f"After {steps} steps the loss is still {returned[-1]:.2g}: a net that steps down its gradient is below 0.001."
    if returned[-1] > returned[steps // 2]:
        return "The loss grows again in the second half of the run."
    return None


def _run(rng: np.random.Generator, N: int, D: int, H: int, lr: float, steps: int) -> Run:
    """Draw a net and data on which no unit comes near its kink within the run, and on which the losses move."""
    while True:
        X, t = rng.normal(size=(N, D)), rng.normal(size=N) * 2
        params = (rng.normal(size=(D, H)), rng.normal(size=H) / 2, rng.normal(size=H), float(rng.normal()))
        open_ = X @ params[0] + params[1] > 0
        if not 0.3 < open_.mean() < 0.7 or not open_.any(axis=0).all() or (open_ == open_[0]).all():
            continue
        losses, nearest = _trained(X, t, params, lr, steps)
        if nearest > 1e-3 and losses[-1] < 0.97 * losses[0] and (np.abs(np.diff(losses)) > 1e-3 * losses[0]).all():
            return X, t, params, lr, steps


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Run]:
    """gives [5, 4, ...] for the net with w2 = [0] that can be done on paper, and the loss alone for no step"""
    X, t = np.array([[1.0], [2.0]]), np.array([0.0, 4.0])
    dead = (np.array([[-1.0]]), np.array([0.0]), np.array([0.0]), 1.0)
    yield X, t, dead, 0.5, 3
    yield X, t, (np.array([[1.0, 2.0]]), np.array([0.0, -2.0]), np.array([1.0, 0.5]), 0.0), 0.125, 0
    yield X, t, (np.array([[1.0, 2.0]]), np.array([0.0, -2.0]), np.array([1.0, 0.5]), 0.0), 0.125, 1


@check(points=2)
def one_step(rng: np.random.Generator) -> Iterator[Run]:
    """gives the losses before and after one step, for any sizes; and for no step one loss, in an array"""
    for N, D, H in [(6, 3, 4), (5, 2, 7), (7, 4, 2), (6, 1, 3), (7, 3, 1)]:
        yield _run(rng, N, D, H, 0.01, 1)
    yield *_run(rng, 4, 3, 2, 0.01, 1)[:-1], 0


@check(points=2)
def several_steps(rng: np.random.Generator) -> Iterator[Run]:
    """gives the losses of several steps, with a forward pass of its own for each"""
    for N, D, H, steps in [(6, 3, 4, 4), (5, 2, 6, 5), (8, 4, 3, 3)]:
        yield _run(rng, N, D, H, 0.01, steps)
    # What a dead unit let through here would move the weight that the other sample shares with it.
    yield (
        np.array([[-200.0], [1.0]]), np.array([-3.0, 1.0]),
        (np.array([[1.0]]), np.array([0.5]), np.array([rng.uniform(0.8, 1.2)]), 0.0), 1 / 16, 3,
    )  # fmt: skip


@check(points=1, judge=learned)
def learns_xor(rng: np.random.Generator) -> Iterator[Run]:
    """learns XOR in 400 steps"""
    W1 = np.array([[1.0, 1.0, -1.0, 0.5], [1.0, -1.0, 1.0, 0.5]]) * rng.uniform(0.8, 1.2, size=(2, 4))
    X, t = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0.0, 1.0, 1.0, 0.0])
    yield X, t, (W1, np.array([-0.5, 0.1, 0.1, 0.2]), np.array([-0.3, 0.6, 0.5, 0.2]), 0.1), 0.2, 400


@check(points=1)
def at_a_kink(rng: np.random.Generator) -> Iterator[Run]:
    """passes nothing through a unit whose pre-activation is exactly 0"""
    for w2 in ([0.5, -0.75], [-1.0, 0.25]):
        # Whole numbers: unit 0 is at its kink for the first sample, and well off it for the others.
        X = np.array([[1.0, 1.0], [3.0, -1.0], [-2.0, 2.0]])
        W1, b1 = np.array([[1.0, 1.0], [-1.0, 2.0]]), np.array([0.0, 1.0])
        yield X, np.array([2.0, -1.0, 0.5]) * rng.uniform(0.9, 1.1), (W1, b1, np.array(w2), 0.25), 1 / 16, 2


@check(points=1, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Run]:
    """writes into no argument, and takes inputs and targets of any magnitude"""
    X, t, (W1, b1, w2, b2), lr, steps = _run(rng, 5, 3, 4, 0.01, 2)
    yield X, t, (W1, b1, w2, b2), lr, steps
    for scale in (1e-5, 1e5):
        yield X, scale * t, (W1, b1, scale * w2, scale * b2), lr / max(1, scale**2), steps
    yield 1e3 * X, t, (W1, 1e3 * b1, w2 / 1e3, b2), lr / 1e6, steps
    # Units that are barely active are active: no tolerance is asked. With this lr, the biases of theirs alone are moved.
    tiny = 2.0**-40
    yield tiny * X, t, (W1, tiny * b1, w2 / tiny, b2), lr * tiny**2, 1


@check(points=1, driver=net_of_real_size)
def real_size(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """takes a layer with 400 inputs and 300 units in good time"""
    yield rng.normal(size=(3, 400)), np.array([1.0, -2.0, 0.5]), rng.normal(size=401) / 30, rng.normal(size=300), 0.002, 3


def _gradients(X: Array, t: Array, params: Params) -> tuple[float, list[Any], Array]:
    """Return the loss, the right gradients, and the pre-activations."""
    W1, b1, w2, b2 = params
    Z = X @ W1 + b1
    A = np.maximum(Z, 0)
    error = A @ w2 + b2 - t
    dp = 2 * error / len(t)
    dZ = dp[:, None] * w2 * (Z > 0)
    return np.mean(error**2), [X.T @ dZ, dZ.sum(axis=0), A.T @ dp, dp.sum()], Z


def _trained(X: Array, t: Array, params: Params, lr: float, steps: int) -> tuple[Array, float]:
    """Return the losses, and how near any pre-activation comes to its kink."""
    losses, nearest = [], np.inf
    for _ in range(steps + 1):
        loss, gradients, Z = _gradients(X, t, params)
        losses.append(loss)
        nearest = min(nearest, np.abs(Z).min())
        params = tuple(each - lr * by for each, by in zip(params, gradients, strict=True))
    return np.array(losses), nearest


def _losses(gradients: Callable[..., Any], X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Return the losses of a run with `gradients(X, t, params, lr)` of another formula."""
    losses = []
    for _ in range(steps + 1):
        losses.append(_gradients(X, t, params)[0])
        found = gradients(X, t, params, lr)
        params = tuple(each - lr * by for each, by in zip(params, found, strict=True))
    return np.array(losses)


@misconception
def second_layer_stepped_first(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your first layer's gradients use the new w2: all four belong to the parameters of the forward pass."""

    def mixed(X: Array, t: Array, params: Params, lr: float) -> list[Any]:
        W1, b1, w2, b2 = params
        _, (_, _, dw2, db2), Z = _gradients(X, t, params)
        dp = 2 * (np.maximum(Z, 0) @ w2 + b2 - t) / len(t)
        dZ = dp[:, None] * (w2 - lr * dw2) * (Z > 0)
        return [X.T @ dZ, dZ.sum(axis=0), dw2, db2]

    return _losses(mixed, X, t, params, lr, steps)


@misconception
def forward_not_repeated(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """You take every step with the gradients of the first one: each step needs a forward pass of its own."""
    once = _gradients(X, t, params)[1]
    return _losses(lambda *_: once, X, t, params, lr, steps)


@misconception
def ascent(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your loss grows: the gradient points uphill, and descent takes it OFF."""
    return _losses(lambda X, t, params, _: [-each for each in _gradients(X, t, params)[1]], X, t, params, lr, steps)


@misconception
def first_loss_missing(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your losses begin after the first step: the first one asked for is that of the parameters as they were given."""
    return _trained(X, t, params, lr, steps + 1)[0][1:]


@misconception
def last_loss_missing(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """There is one loss more than there are steps: the one after the last step is missing."""
    return _trained(X, t, params, lr, steps)[0][:-1]


@misconception
def last_loss_repeated(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your last loss is that of the step before: after the last step the net needs one more forward pass."""
    losses = _trained(X, t, params, lr, steps)[0]
    return losses[np.minimum(np.arange(steps + 1), max(steps - 1, 0))]


@misconception
def last_loss_only(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Return all the losses of the run, not the last one alone."""
    return np.float64(_trained(X, t, params, lr, steps)[0][-1])  # type: ignore[return-value]


@misconception
def sum_gradient(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your steps are those of the SUM of the squared errors: the loss is their mean, so they are N times too long."""
    return _losses(
        lambda X, t, params, _: [len(t) * each for each in _gradients(X, t, params)[1]], X, t, params, lr, steps
    )


@misconception
def summed_losses(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your losses are sums over the batch; the loss asked for is the mean."""
    return len(t) * _trained(X, t, params, lr, steps)[0]


@misconception
def missing_two(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your steps are half as long as they should be: what does the square of the error give when it is differentiated?"""
    return _losses(lambda X, t, params, _: [each / 2 for each in _gradients(X, t, params)[1]], X, t, params, lr, steps)


@misconception
def last_layer_alone(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your losses are those of a run in which only w2 and b2 move: W1 and b1 learn, too, and Z is made anew with them."""
    return _losses(lambda X, t, params, _: [0.0, 0.0, *_gradients(X, t, params)[1][2:]], X, t, params, lr, steps)


@misconception
def biases_left_alone(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your biases never move: they are parameters like the weights."""

    def weights_alone(X: Array, t: Array, params: Params, lr: float) -> list[Any]:
        dW1, _, dw2, _ = _gradients(X, t, params)[1]
        return [dW1, 0.0, dw2, 0.0]

    return _losses(weights_alone, X, t, params, lr, steps)


@misconception
def second_layer_by_Z(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """p is made of relu(Z): so what w2 is multiplied with is 0 for a dead unit, and not its negative pre-activation."""

    def before_the_relu(X: Array, t: Array, params: Params, lr: float) -> list[Any]:
        _, (dW1, db1, _, db2), Z = _gradients(X, t, params)
        return [dW1, db1, Z.T @ (2 * (np.maximum(Z, 0) @ params[2] + params[3] - t) / len(t)), db2]

    return _losses(before_the_relu, X, t, params, lr, steps)


@misconception
def first_layer_alone(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Only W1 and b1 move in your run: the last layer learns, too."""
    return _losses(lambda X, t, params, _: [*_gradients(X, t, params)[1][:2], 0.0, 0.0], X, t, params, lr, steps)


@misconception
def output_bias_left_alone(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your b2 never moves: it is a parameter like the others."""
    return _losses(lambda X, t, params, _: [*_gradients(X, t, params)[1][:3], 0.0], X, t, params, lr, steps)


@misconception
def hidden_biases_left_alone(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your b1 never moves: it is a parameter like the others."""

    def but_b1(X: Array, t: Array, params: Params, lr: float) -> list[Any]:
        dW1, _, dw2, db2 = _gradients(X, t, params)[1]
        return [dW1, 0.0, dw2, db2]

    return _losses(but_b1, X, t, params, lr, steps)


@misconception
def biases_by_the_mean(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your biases move too little: the 1/N of the mean is in the upstream gradient already, and their parts add up."""

    def averaged(X: Array, t: Array, params: Params, lr: float) -> list[Any]:
        dW1, db1, dw2, db2 = _gradients(X, t, params)[1]
        return [dW1, db1 / len(t), dw2, db2 / len(t)]

    return _losses(averaged, X, t, params, lr, steps)


@misconception
def output_bias_by_the_mean(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your b2 moves too little: the 1/N of the mean is in the upstream gradient already, and its parts add up."""

    def averaged(X: Array, t: Array, params: Params, lr: float) -> list[Any]:
        *others, db2 = _gradients(X, t, params)[1]
        return [*others, db2 / len(t)]

    return _losses(averaged, X, t, params, lr, steps)


@misconception
def lr_ignored(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your steps do not depend on lr: multiply the gradients by it."""
    return _trained(X, t, params, 1.0, steps)[0]


@misconception
def gradients_never_cleared(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """Your gradients pile up: each step goes along the sum of all gradients so far. Begin each step with new ones."""
    total = [np.zeros_like(each) for each in params]

    def piled(X: Array, t: Array, params: Params, lr: float) -> list[Any]:
        total[:] = [each + by for each, by in zip(total, _gradients(X, t, params)[1], strict=True)]
        return list(total)

    return _losses(piled, X, t, params, lr, steps)


@misconception
def sample_by_sample(X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    """You step after each sample: one step takes the gradients of the whole batch, all at the same parameters."""
    losses = [_gradients(X, t, params)[0]]
    for _ in range(steps):
        for n in range(len(t)):
            gradients = _gradients(X[n : n + 1], t[n : n + 1], params)[1]
            params = tuple(each - lr * by for each, by in zip(params, gradients, strict=True))
        losses.append(_gradients(X, t, params)[0])
    return np.array(losses)


def _with_mask(mask: Callable[[Array], Array], X: Array, t: Array, params: Params, lr: float, steps: int) -> Array:
    def masked(X: Array, t: Array, params: Params, lr: float) -> list[Any]:
        W1, b1, w2, b2 = params
        _, (_, _, dw2, db2), Z = _gradients(X, t, params)
        dZ = (2 * (np.maximum(Z, 0) @ w2 + b2 - t) / len(t))[:, None] * w2 * mask(Z)
        return [X.T @ dZ, dZ.sum(axis=0), dw2, db2]

    return _losses(masked, X, t, params, lr, steps)


wrong_masks = masks(_with_mask)


@oracle
def autograd(torch: Any, X: Any, t: Any, params: Any, lr: float, steps: int) -> Any:
    """The same run with PyTorch's gradients and its own optimiser."""
    leaves = [torch.as_tensor(each, dtype=torch.float64).clone().requires_grad_() for each in params]
    descent = torch.optim.SGD(leaves, lr=lr)
    losses = []
    for _ in range(steps + 1):
        W1, b1, w2, b2 = leaves
        loss = torch.mean((torch.relu(torch.as_tensor(X) @ W1 + b1) @ w2 + b2 - torch.as_tensor(t)) ** 2)
        losses.append(loss.item())
        descent.zero_grad()
        loss.backward()
        descent.step()
    return losses


derivation = """
The loss is a mean over N samples. Go back from it, one step at a time, and write dp for d loss / dp, and so on:

    loss = mean((p - t)**2)       dp = 2 * (p - t) / N                        shape (N,)
    p = A @ w2 + b2               dw2 = A.T @ dp, db2 = dp.sum()              shapes (H,) and ()
                                  dA[n, k] = dp[n] * w2[k]                    shape (N, H)
    A = relu(Z)                   dZ = dA where Z > 0, else 0                 shape (N, H)
    Z = X @ W1 + b1               dW1 = X.T @ dZ, db1 = dZ.sum(axis=0)        shapes (D, H) and (H,)

The sums over the samples are in the products and in `sum`. The 1/N is in dp, once for all of them.

A step of gradient descent takes lr times its gradient off each parameter. To first order the loss changes by minus lr times
the squared length of the gradient, so that it falls if lr is small enough. The gradients belong to one point, the parameters
of the forward pass. So dZ is made of w2 before w2 is changed, and `W1 - lr * ...` makes a new array, which leaves the caller's
alone.

Then the gradients are of no use any more, and the next step needs a forward pass of its own. The loss is computed from the
same forward pass, before the step. That gives one loss more than there are steps, and so the loop runs steps + 1 times.

The usual mistake is to change w2 first, and then to use the new w2 in dA. The run looks fine, as the loss falls all the same,
but it is not gradient descent. The second one is to take the gradients of the first forward pass in all the steps.

    >>> params = (np.zeros((1, 1)), np.zeros(1), np.zeros(1), 1.0)
    >>> train(np.array([[1.0], [2.0]]), np.array([0.0, 4.0]), params, 0.5, 2).tolist()
    [5.0, 4.0, 4.0]
    >>> params = (np.array([[2.0]]), np.zeros(1), np.array([1.0]), 0.0)
    >>> train(np.array([[1.0]]), np.array([1.0]), params, 0.125, 1).tolist()          # W1 1.75, b1 -0.25, w2 0.5, b2 -0.25
    [1.0, 0.25]
"""
