"""Hidden checks for mlp_backward(params, X, y): [dW1, db1, dW2, db2, ...] of the mean cross-entropy of a net with L layers."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks

Array = NDArray[np.float64]
Params = list[tuple[Array, Array]]
Net = tuple[Params, Array, NDArray[np.int64]]
Gradients = list[Array]
Change = Callable[..., Array]

hints = [
    "Run the net forward once, and keep the input of every layer. The gradient with respect to the logits needs p and y"
    " alone: work it out for one sample, and mind the mean.",
    "Then go from the last layer to the first. Given d loss / dZ of a layer, its dW, its db and the gradient with respect to"
    " its input are those of `linear_backward`, and the relu below it lets a gradient pass where its own z is above 0.",
    "Put dW and db in front of what you have so far, so that the list begins with the first layer. For the softmax, take"
    " the largest logit of each row off before exp.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, u: "Array", v: "Array", w: "Array", X: "Array", y: "Array") -> Any:
    """Return every so many entries of the gradients of a net whose first layer has the entries of u over and over."""
    params = [(np.resize(u, (X.shape[1], len(v))), np.cos(v)), (np.cos(np.outer(v, w)), np.sin(w))]
    return [np.asarray(each)[::37] for each in function(params, X, y)]


def _net(rng: np.random.Generator, N: int, *sizes: int) -> Net:
    """Draw a net whose units are open for some samples and closed for others, by their biases too, and off their kinks."""
    while True:
        pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
        params = [(rng.normal(size=(D, H)) * 1.5 / D**0.5, rng.normal(size=H) / 2) for D, H in pairs]
        X = rng.normal(size=(N, sizes[0]))
        y = rng.permutation(np.arange(N) % sizes[-1])
        zs = _forward(params, X)[1][:-1]
        mixed = all(0.2 < (z > 0).mean() < 0.85 and (z > 0).any(axis=0).all() for z in zs)
        alike = N > 1 and any((z > 0).all(axis=0).all() or ((z > 0) == (z > 0)[0]).all() for z in zs)
        if mixed and not alike and all(np.abs(z).min() > 0.01 for z in zs):
            return params, X, y


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Net]:
    """gives all gradients of a net with one layer, and of one with a hidden layer, that can be done on paper"""
    yield [(np.zeros((1, 2)), np.zeros(2))], np.array([[3.0]]), np.array([0])
    # The hidden units are 1 and 0 for the first sample, 0 and 2 for the second; all logits are 0.
    yield (
        [
            (np.array([[1.0, -1.0], [0.0, 1.0]]), np.array([0.0, 1.0])),
            (np.array([[2.0, 0.0, -2.0], [1.0, 0.0, -1.0]]), np.array([-2.0, 0.0, 2.0])),
        ],
        np.array([[1.0, -1.0], [-1.0, 0.0]]),
        np.array([0, 2]),
    )


@check(points=2)
def one_layer(rng: np.random.Generator) -> Iterator[Net]:
    """gives the gradients of a net with one layer, a batch of one sample included"""
    for N, D, K in [(5, 3, 4), (4, 6, 2), (1, 2, 3)]:
        yield (
            [(rng.normal(size=(D, K)), rng.normal(size=K))],
            rng.normal(size=(N, D)),
            rng.permutation(np.arange(N) % K),
        )


@check(points=4)
def two_layers(rng: np.random.Generator) -> Iterator[Net]:
    """gives the gradients of nets with one hidden layer, of any sizes"""
    for sizes in [(6, 3, 5, 4), (7, 2, 4, 3), (5, 4, 6, 2)]:
        yield _net(rng, *sizes)


@check(points=4)
def more_layers(rng: np.random.Generator) -> Iterator[Net]:
    """gives the gradients of nets with two and with three hidden layers, of any sizes"""
    for sizes in [(7, 3, 6, 5, 4), (6, 2, 5, 4, 3), (8, 3, 7, 6, 5, 4), (7, 2, 5, 6, 4, 3)]:
        yield _net(rng, *sizes)


@check(points=1)
def equal_sizes(rng: np.random.Generator) -> Iterator[Net]:
    """gives the gradients where all sizes are the same, so that a wrong product has the right shape; and for one input and one unit"""
    yield _net(rng, 4, 4, 4, 4, 4)
    yield _net(rng, 3, 3, 3, 3, 3)
    yield _net(rng, 5, 1, 1, 2)


@check(points=1)
def at_a_kink(rng: np.random.Generator) -> Iterator[Net]:
    """passes nothing through a unit whose pre-activation is exactly 0, for a sample or for all of them"""
    for flip in (1.0, -1.0):
        # Small whole numbers: the first unit is at the kink for every sample, the second one for the first sample alone.
        W = np.array([[1.0, 2.0, 1.0], [-1.0, 1.0, 2.0]])
        X = np.array([[2.0, 2.0], [4.0, 4.0], [3.0, 3.0], [5.0, 5.0]])
        second = rng.uniform(0.3, 1.0, size=(3, 2)) * np.array([[1.0, -1.0], [-1.0, 1.0], [1.0, -1.0]]) * flip / 8
        yield [(W, np.array([0.0, -6.0, -8.0])), (second, np.array([0.2, -0.1]))], X, np.array([0, 1, 1, 0])


@check(points=1)
def saturated_and_large(rng: np.random.Generator) -> Iterator[Net]:
    """stays finite where exp overflows, and accurate where gradients are huge or tiny"""
    params, X, y = _net(rng, 5, 3, 4, 2)
    (W1, b1), (W2, b2) = params
    yield [(W1, b1), (1e4 * W2, 1e4 * b2)], X, y
    yield [(1e3 * W1, 1e3 * b1), (W2 / 1e3, b2)], 1e6 * X, y
    yield [(W1, b1), (1e-6 * W2, b2)], X, y
    # Units that are barely active are active: no tolerance is asked.
    yield [(2.0**-50 * W1, 2.0**-50 * b1), (2.0**50 * W2, b2)], X, y
    # Two samples whose logits are so far apart that, by one shift, exp leaves a few digits to one of them.
    for order in (slice(None), slice(None, None, -1)):
        W, b = 738 + rng.permutation(np.array([[0.4, -0.7, 0.1]])), np.array([0.3, -0.2, 0.1])
        yield [(W, b)], np.array([[1.0], [0.001]])[order], np.array([2, 0])
    # One sample each, the right class far ahead, and far behind.
    for label in (0, 1):
        yield (
            [(np.eye(2), np.array([0.5, 0.0])), (np.array([[0.5, -0.5], [7.3, -7.3]]), np.zeros(2))],
            np.array([[rng.uniform(0.5, 1.0), 1.1]]),
            np.array([label]),
        )


@check(points=1, readonly=True)
def any_row_order(rng: np.random.Generator) -> Iterator[Net]:
    """gives the same gradients when samples are shuffled together with their classes, and writes into no argument"""
    params, X, y = _net(rng, 6, 4, 3, 2)
    yield params, X, y
    order = [5, 2, 0, 4, 1, 3]
    yield params, X[order], y[order]


@check(points=1, driver=some_entries)
def real_size(rng: np.random.Generator) -> Iterator[tuple[Any, ...]]:
    """takes a layer with 400 inputs and 300 outputs in good time"""
    yield rng.normal(size=401) / 15, rng.normal(size=300), rng.normal(size=10), rng.normal(size=(2, 400)), np.array([7, 3])


def _forward(params: Params, X: Array) -> tuple[list[Array], list[Array]]:
    """Return the input of each layer, and its pre-activations, the logits last."""
    inputs, zs = [X], []
    for W, b in params:
        zs.append(inputs[-1] @ W + b)
        inputs.append(np.maximum(zs[-1], 0))
    return inputs[:-1], zs


def _softmax(logits: Array, axis: int = 1) -> Array:
    powers = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def _onehot(logits: Array, y: NDArray[np.int64]) -> Array:
    return (np.arange(logits.shape[1]) == y[:, None]).astype(np.float64)


def _upstream(logits: Array, y: NDArray[np.int64]) -> Array:
    """Return the right d loss / d logits."""
    return (_softmax(logits) - _onehot(logits, y)) / len(y)


def _gradients(
    params: Params,
    X: Array,
    dlogits: Array,
    *,
    mask: Callable[[Array], Any] = lambda z: z > 0,
    gates: list[Array] | None = None,
    used: list[Array] | None = None,
    bias: Callable[[Array], Array] = lambda dZ: dZ.sum(axis=0),
    back: Callable[[Array], Array] = lambda W: W.T,
) -> Gradients:
    """Go back from a given d loss / d logits, with wrong pieces in the place of some."""
    inputs, zs = _forward(params, X)
    gates = [mask(z) for z in zs] if gates is None else gates
    found: Gradients = []
    dZ = dlogits
    for layer in range(len(params) - 1, -1, -1):
        found = [(inputs if used is None else used)[layer].T @ dZ, bias(dZ), *found]
        if layer:
            dZ = dZ @ back(params[layer][0]) * gates[layer - 1]
    return found


def _changed(params: Params, X: Array, y: NDArray[np.int64], **pieces: Any) -> Gradients:
    return _gradients(params, X, _upstream(_forward(params, X)[1][-1], y), **pieces)


@misconception
def sum_for_mean(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """That is the gradient of the SUM of the cross-entropies; the loss is their mean over the batch."""
    return [len(y) * each for each in _changed(params, X, y)]


@misconception
def divided_by_all_entries(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """The mean goes over the samples, each of which has ONE cross-entropy: the number of classes does not divide it."""
    return [each / params[-1][1].size for each in _changed(params, X, y)]


@misconception
def bias_averaged(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """You averaged for the biases: each sample's part of db is divided by N already, and they add up."""
    return _changed(params, X, y, bias=lambda dZ: dZ.mean(axis=0))


@misconception
def biases_by_the_sum(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """Your dW are those of the mean, and your db those of the sum: the 1/N of the loss reaches both."""
    return _changed(params, X, y, bias=lambda dZ: dZ.sum(axis=0) * len(y))


@misconception
def biases_first(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """For each layer dW comes first, and then db; yours are the other way round."""
    found = _changed(params, X, y)
    return [each for pair in zip(found[1::2], found[::2], strict=True) for each in pair]


@misconception
def in_pairs(params: Params, X: Array, y: NDArray[np.int64]) -> Any:
    """Return one flat list, [dW1, db1, dW2, db2, ...]; yours is a list of pairs."""
    found = _changed(params, X, y)
    return list(zip(found[::2], found[1::2], strict=True))


@misconception
def biases_as_rows(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """Each db has to have the shape of its b, one axis; yours are matrices with one row."""
    return _changed(params, X, y, bias=lambda dZ: dZ.sum(axis=0, keepdims=True))


@misconception
def z_for_the_activation(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """What a layer multiplies by W is the relu of the z below it: your dW is made of the z before the relu."""
    return _changed(params, X, y, used=[X, *_forward(params, X)[1][:-1]])


@misconception
def own_output_for_the_input(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """A layer's dW is made of its INPUT; yours of what came out of it."""
    return _changed(params, X, y, used=_forward(params, X)[1])


@misconception
def mask_of_the_layer_below(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """Your masks are one layer off: a gradient passes through the relu that it reaches first, the one right below."""
    return _changed(params, X, y, gates=[X > 0, *(z > 0 for z in _forward(params, X)[1])])


@misconception
def masked_logits(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """There is no relu behind the last layer: its logits may be negative, and still pass their gradient."""
    logits = _forward(params, X)[1][-1]
    return _gradients(params, X, _upstream(logits, y) * (logits > 0))


@misconception
def relu_on_the_logits(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """There is no relu behind the last layer: its logits may be negative, and still pass their gradient."""
    logits = _forward(params, X)[1][-1]
    return _gradients(params, X, _upstream(np.maximum(logits, 0), y) * (logits > 0))


@misconception
def relu_on_the_logits_on_the_way_forward(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """There is no relu behind the last layer: the softmax is of the logits as they are, negative ones too."""
    return _gradients(params, X, _upstream(np.maximum(_forward(params, X)[1][-1], 0), y))


@misconception
def forward_W_on_the_way_back(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """W takes a layer's inputs to its outputs; the way back needs its transpose, which the shapes show elsewhere."""
    return _changed(params, X, y, back=lambda W: W)


@misconception
def sign_flipped(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """The signs are wrong: raise the logit of the right class, and the loss has to FALL."""
    return [-each for each in _changed(params, X, y)]


@misconception
def extra_slope(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """The slope of the softmax is in p less 1 at the right class already; a further p*(1-p) is one too many."""
    logits = _forward(params, X)[1][-1]
    p = _softmax(logits)
    return _gradients(params, X, _upstream(logits, y) * p * (1 - p))


@misconception
def softmax_forgotten(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """You compared the logits with the classes; it is the probabilities, which their softmax gives."""
    logits = _forward(params, X)[1][-1]
    return _gradients(params, X, (logits - _onehot(logits, y)) / len(y))


@misconception
def softmax_over_the_batch(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """Each ROW of the logits is a distribution over the classes: yours add up to 1 down the columns, over the samples."""
    logits = _forward(params, X)[1][-1]
    return _gradients(params, X, (_softmax(logits, axis=0) - _onehot(logits, y)) / len(y))


@misconception
def one_shift_for_the_batch(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """You subtracted the batch's largest logit, and a row far below it has only zeros left: take each row's own."""
    logits = _forward(params, X)[1][-1]
    weights = np.exp(logits - logits.max())
    p = weights / weights.sum(axis=1, keepdims=True)
    return _gradients(params, X, (p - _onehot(logits, y)) / len(y))


@misconception
def right_class_only(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """The logits of the other classes count as well: raise one, and it takes probability from the right class."""
    logits = _forward(params, X)[1][-1]
    return _gradients(params, X, _upstream(logits, y) * _onehot(logits, y))


@misconception
def subtracted_in_every_row(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """p[:, y] takes those columns from every row; index the row and the class together, one entry a sample."""
    logits = _forward(params, X)[1][-1]
    p = _softmax(logits)
    p[:, y] -= 1
    return _gradients(params, X, p / len(y))


@misconception
def softmax_alone(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """Your upstream gradient is p itself, which does not know the right classes: what does y change about it?"""
    logits = _forward(params, X)[1][-1]
    return _gradients(params, X, _softmax(logits) / len(y))


@misconception
def last_layer_first(params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    """Your list begins with the last layer: begin with the first, as params does."""
    found = _changed(params, X, y)
    return [each for layer in range(len(params) - 1, -1, -1) for each in found[2 * layer : 2 * layer + 2]]


def _with_mask(mask: Callable[[Array], Array], params: Params, X: Array, y: NDArray[np.int64]) -> Gradients:
    return _changed(params, X, y, mask=mask)


wrong_masks = masks(_with_mask)


@oracle
def autograd(torch: Any, params: Any, X: Any, y: Any) -> Any:
    """PyTorch's gradients of its own cross-entropy."""
    leaves = [torch.as_tensor(each).clone().requires_grad_() for pair in params for each in pair]
    A = torch.as_tensor(X)
    for layer in range(0, len(leaves), 2):
        A = (torch.relu(A) if layer else A) @ leaves[layer] + leaves[layer + 1]
    return list(torch.autograd.grad(torch.nn.functional.cross_entropy(A, torch.as_tensor(y)), leaves))


def _first(params: Params) -> Array:
    return params[0][0]


def _first_bias(params: Params) -> Array:
    return params[0][1]


def _loss(params: Params, X: Array, y: NDArray[np.int64]) -> Any:
    for layer, (W, b) in enumerate(params):
        X = (np.where(X.real > 0, X, 0) if layer else X) @ W + b
    shifted = X - X[np.arange(len(X)), X.real.argmax(axis=1)][:, None]
    # The largest term of the sum is 1: without it, the logarithm keeps the digits of the others.
    others = np.where(shifted.real < 0, np.exp(shifted), 0).sum(axis=1)
    return np.mean(np.log1p(others) - shifted[np.arange(len(y)), y])


@derivative_of("W1", part=0, at=_first)
def loss_by_W1(params: Params, X: Array, y: NDArray[np.int64], W1: Array) -> Any:
    """The loss, for complex weights too: a unit is active where its real part is above 0."""
    return _loss([(W1, params[0][1]), *params[1:]], X, y)


@derivative_of("b1", part=1, at=_first_bias)
def loss_by_b1(params: Params, X: Array, y: NDArray[np.int64], b1: Array) -> Any:
    """The loss, by the biases of the first layer."""
    return _loss([(params[0][0], b1), *params[1:]], X, y)


derivation = """
Begin at the loss. For one sample it is -log(p[y]) = -Z[y] + log(sum over k of e**Z[k]), with the derivatives p[k], less 1 at
the right class. The loss is the mean over N samples, and so

    dZ[n, k] = (p[n, k] - (1 where k = y[n], else 0)) / N        shape (N, K)

The 1/N is in here, and nothing after it is divided any more. Now one layer, Z = A @ W + b, with the dZ that has come back to
it:

    Z[n, k] = sum over j of A[n, j] * W[j, k] + b[k]
    dW[j, k] = sum over n of A[n, j] * dZ[n, k]          dW = A.T @ dZ
    db[k]    = sum over n of dZ[n, k]                    db = dZ.sum(axis=0)
    dA[n, j] = sum over k of dZ[n, k] * W[j, k]          dA = dZ @ W.T

Each sum goes over the entries of Z that the number is in: a weight is in one for each sample, an activation in one for each
unit. A was made by a relu from the Z of the layer below, and what comes back passes where that Z is positive. A is positive in
the same places, so that the forward pass need not keep both:

    dZ below = dA * (A > 0)

The loop does this layer by layer, from the last to the first, and puts each pair in front of the list. The last layer has no
relu: its dZ comes from the loss. Each row's largest logit is subtracted before exp, which changes no probability.

The usual mistake is a mask that is one layer off, or one more for the logits. The second one is a further p * (1 - p): the
slope of the softmax has been multiplied in already, and has cancelled against the 1/p of the logarithm.

    >>> [each.tolist() for each in mlp_backward([(np.zeros((1, 2)), np.zeros(2))], np.array([[3.0]]), np.array([0]))]
    [[[-1.5, 1.5]], [-0.5, 0.5]]
    >>> params = [(np.ones((1, 2)), np.array([0.0, -9.0])), (np.ones((2, 2)), np.zeros(2))]
    >>> mlp_backward(params, np.array([[3.0]]), np.array([0]))[2].tolist()          # unit 1 is not active
    [[-1.5, 1.5], [0.0, 0.0]]
"""
