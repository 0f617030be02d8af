"""Hidden checks for backprop_shapes(N, D, H, K): the shapes of a backward pass, from the scores to the inputs."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader import check, misconception, oracle

Sizes = tuple[int, int, int, int]
Shape = tuple[int, ...]

PARTS = ("score", "dscore", "dA", "dZ", "dW1", "db1", "dW2", "db2", "dX")

hints = [
    "Go forward first, and write the shape beside each line: a batch has a row for each sample, and a product of matrices"
    " keeps the outer two sizes.",
    "The loss is one number. How many derivatives has one number with respect to an array, and where would you put each"
    " of them so that W1 - lr * dW1 makes sense?",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def as_numpy_prints_them(backprop_shapes: Callable[..., Any], N: int, D: int, H: int, K: int) -> Any:
    """Return each shape as text: then the feedback shows shapes, and not the shape of a shape."""
    shapes = backprop_shapes(N, D, H, K)
    if not isinstance(shapes, dict):
        return shapes
    rows = {name: shape.tolist() if isinstance(shape, np.ndarray) else shape for name, shape in shapes.items()}
    # A text that a student wrote stays apart from a shape.
    return {name: repr(tuple(map(int, row)) if isinstance(row, tuple | list) else row) for name, row in rows.items()}


@check(parts=dict.fromkeys(PARTS, 0), public=True, driver=as_numpy_prints_them)
def example_on_paper(rng: np.random.Generator) -> Iterator[Sizes]:
    """gives the shapes for N = 2, D = 3, H = 4 and K = 5"""
    yield 2, 3, 4, 5


@check(parts={name: 0.25 if name in ("score", "dX") else 0.5 for name in PARTS}, driver=as_numpy_prints_them)
def any_sizes(rng: np.random.Generator) -> Iterator[Sizes]:
    """gives the shapes for nets and batches of any size"""
    yield 7, 5, 3, 2
    yield 4, 6, 9, 8
    N, D, H, K = (int(size) for size in rng.choice(np.arange(11, 40), size=4, replace=False))
    yield N, D, H, K


@check(points=1, driver=as_numpy_prints_them)
def single_ones(rng: np.random.Generator) -> Iterator[Sizes]:
    """keeps an axis of length 1: for a batch of one sample, and for a single input, hidden unit or class"""
    for place in range(4):
        sizes = [5, 6, 7, 8]
        sizes[place] = 1
        yield sizes[0], sizes[1], sizes[2], sizes[3]


def _with(N: int, D: int, H: int, K: int, **others: Any) -> dict[str, Any]:
    """Return the right shapes, but for some."""
    right: dict[str, Any] = {
        "score": (N, K), "dscore": (N, K), "dA": (N, H), "dZ": (N, H), "dW1": (D, H), "db1": (H,), "dW2": (H, K),
        "db2": (K,), "dX": (N, D),
    }  # fmt: skip
    return right | others


@misconception
def bias_for_every_sample(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """A bias is one for all samples, and so is its gradient: the samples' contributions are added up."""
    return _with(N, D, H, K, db1=(N, H), db2=(N, K))


@misconception
def bias_as_a_row(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """The biases have one axis, not two: numpy broadcasts them, and their gradients are no row matrices either."""
    return _with(N, D, H, K, db1=(1, H), db2=(1, K))


@misconception
def weights_transposed(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """You turned the weights' gradients: a step subtracts them from the weights, so they have to lie as those do."""
    return _with(N, D, H, K, dW1=(H, D), dW2=(K, H))


@misconception
def weights_for_every_sample(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """The weights' gradients have no axis for the samples: the loss is one number, to which all of them add up."""
    return _with(N, D, H, K, dW1=(N, D, H), dW2=(N, H, K))


@misconception
def weights_exchanged(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """The two layers have changed places: which of the weights meets the inputs, and which the classes?"""
    return _with(N, D, H, K, dW1=(H, K), dW2=(D, H))


@misconception
def batch_summed_too_early(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """You summed over the batch too early: every sample has pre-activations of its own, so the axis stays on the way back."""
    return _with(N, D, H, K, dA=(H,), dZ=(H,))


@misconception
def one_number_for_dscore(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """The loss is one number, but its gradient is not: each sample has a score for each class, to be moved on its own."""
    return _with(N, D, H, K, dscore=())


@misconception
def dscore_of_one_sample(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """The gradient with respect to the scores has a row for every sample, not only one for the whole batch."""
    return _with(N, D, H, K, dscore=(K,))


@misconception
def dscore_as_a_row(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """The gradient with respect to the scores has a row for every sample, not only one for the whole batch."""
    return _with(N, D, H, K, dscore=(1, K))


@misconception
def one_score_for_each_sample(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """Each sample has a score for every class, not one alone: the second layer has K outputs."""
    return _with(N, D, H, K, score=(N,), dscore=(N,))


@misconception
def upstream_handed_on(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """The upstream gradient changes its shape in a layer: what arrives behind it is as wide as what went in."""
    return _with(N, D, H, K, dA=(N, K), dZ=(N, K))


@misconception
def jacobians_of_relu(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """A diagonal matrix for each sample is the Jacobian of relu; asked is the gradient of the loss, one number for each
    pre-activation."""
    return _with(N, D, H, K, dZ=(N, H, H))


@misconception
def inputs_of_one_sample(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """Every sample has inputs of its own, and so their gradient has as many rows as X."""
    return _with(N, D, H, K, dX=(D,))


@misconception
def inputs_as_wide_as_the_layer(N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """The way back to X goes through the first layer, too: behind it there is a number for each input, not for each
    hidden unit."""
    return _with(N, D, H, K, dX=(N, H))


@oracle
def autograd(torch: Any, N: int, D: int, H: int, K: int) -> dict[str, Shape]:
    """The shapes of what PyTorch leaves behind, for a net of those sizes."""

    def leaf(*shape: int) -> Any:
        return torch.ones(shape, requires_grad=True)

    X, W1, b1, W2, b2 = leaf(N, D), leaf(D, H), leaf(H), leaf(H, K), leaf(K)
    Z = X @ W1 + b1
    A = torch.relu(Z)
    score = A @ W2 + b2
    for inner in (Z, A, score):
        inner.retain_grad()
    (score**2).sum().backward()
    named = {"dscore": score, "dA": A, "dZ": Z, "dW1": W1, "db1": b1, "dW2": W2, "db2": b2, "dX": X}
    return {"score": tuple(score.shape)} | {name: tuple(thing.grad.shape) for name, thing in named.items()}


derivation = """
The loss is one number. Its gradient with respect to an array has one entry for each entry of the array: by how much the loss
moves when that entry does. So dZ has the shape of Z, dW1 that of W1, and so on. Only the forward shapes are to be found:

    X (N, D) @ W1 (D, H)    gives Z (N, H), and relu keeps that shape for A
    A (N, H) @ W2 (H, K)    gives score (N, K)
    b1 is added to rows of H numbers, b2 to rows of K:    (H,) and (K,)

Two things are worth a second look. Z has a row for each sample, so dZ has one, too. W1 and b1 are shared by all samples, so
their gradients have no axis N: the parts of all samples are added up. The formulas do that:

    dW1 = X.T @ dZ           (D, N) @ (N, H) gives (D, H); the N in the middle is summed over
    db1 = dZ.sum(axis=0)     (N, H) gives (H,)
    dA  = dscore @ W2.T      (N, K) @ (K, H) gives (N, H); here K is summed over, and N stays

The usual mistake is an N in the bias's gradient, (N, H). There is one bias for all samples, not one for each. If dW or db
has not the shape of W or b, the step `W - lr * dW` does not fit, or numpy broadcasts it without a word.

    >>> shapes = backprop_shapes(N=2, D=3, H=4, K=5)
    >>> shapes["dZ"], shapes["dW1"], shapes["db1"]
    ((2, 4), (3, 4), (4,))
"""
