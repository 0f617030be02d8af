"""Hidden checks for layer_gradient_norms(Ws, x, dy, activation): the lengths of the gradients behind the layers."""

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, misconception, oracle

from ..slips import masks, slopes

Array = NDArray[np.float64]
Net = tuple[list[Array], Array, Array, str]
Slope = Callable[[Array], Array]

hints = [
    "Go forward first, and keep every z: the way back needs the slope of each layer at its own z.",
    "One layer on the way back: the gradient with respect to h_l first meets the slopes, entry by entry, and then the matrix."
    " In which form, so that the shape of h_(l-1) comes out?",
    "Collect the norms while you go back: the first that you know is that of dy, and it is the last of the answer.",
]


# The source of a driver, and of the way that a check rules out, travels: each may use its arguments, builtins and np alone.


def some_entries(function: Any, Ws: "list[Array]", x: "Array", dy: "Array", activation: str) -> Any:
    """Return every so many norms, for a net that has the layers many times over."""
    return np.asarray(function(150 * Ws, x, dy, activation))[::75]


def central_differences(Ws: "list[Array]", x: "Array", dy: "Array", activation: str) -> "Array":
    """Differentiate nothing: every entry of every h is moved a little, and what comes out computed twice for it."""

    def loss(first: int, h: "Array") -> Any:
        for W in Ws[first:]:
            z = W @ h
            h = np.maximum(z, 0) if activation == "relu" else 1 / (1 + np.exp(-z))
        return dy @ h

    norms, h = [], x
    for first in range(len(Ws) + 1):
        steps = 1e-5 * np.eye(len(h))
        norms.append(np.linalg.norm([(loss(first, h + step) - loss(first, h - step)) / 2e-5 for step in steps]))
        if first < len(Ws):
            z = Ws[first] @ h
            h = np.maximum(z, 0) if activation == "relu" else 1 / (1 + np.exp(-z))
    return np.array(norms)


def _net(rng: np.random.Generator, sizes: list[int], activation: str, scale: float = 1.0) -> Net:
    """Draw a net whose units are neither all active nor all silent in a layer, and none near the kink."""
    while True:
        Ws = [scale * rng.normal(size=(outputs, inputs)) for inputs, outputs in pairwise(sizes)]
        x, dy = rng.normal(size=sizes[0]), rng.normal(size=sizes[-1])
        if activation == "sigmoid":
            return Ws, x, dy, activation
        h, fine = x, True
        for W in Ws:
            z = W @ h
            fine &= 0 < (z > 0).sum() < len(z) and bool(np.abs(z).min() > 0.05 * scale)
            h = np.maximum(z, 0)
        if fine and _gradients(_slope_of(activation), Ws, x, dy, activation)[0].any():
            return Ws, x, dy, activation


@check(points=0, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Net]:
    """gives [2.5, 2] for the layer on paper"""
    yield [np.array([[3.0, -4.0]])], np.array([4.0, 3.0]), np.array([2.0]), "sigmoid"


@check(points=2.25)
def sigmoid_nets(rng: np.random.Generator) -> Iterator[Net]:
    """gives the norms for nets of two and three layers of different sizes, with the sigmoid"""
    yield _net(rng, [3, 5, 2], "sigmoid")
    yield _net(rng, [2, 4, 3, 6], "sigmoid")
    yield _net(rng, [4, 2, 5], "sigmoid", 1.5)


@check(points=2.25)
def relu_nets(rng: np.random.Generator) -> Iterator[Net]:
    """gives the norms for nets of two and three layers of different sizes, with the ReLU"""
    yield _net(rng, [3, 5, 2], "relu")
    yield _net(rng, [2, 4, 3, 6], "relu")
    yield _net(rng, [5, 3, 4], "relu", 1.5)


@check(points=1)
def square_layers(rng: np.random.Generator) -> Iterator[Net]:
    """gives the norms where all layers have one size, so that a wrong product has the right shape, and where that is 1"""
    yield _net(rng, [3, 3, 3], "sigmoid")
    yield _net(rng, [4, 4, 4, 4], "relu")
    yield _net(rng, [4, 4, 4], "sigmoid", 1.3)
    yield _net(rng, [1, 1, 1], "sigmoid", 1.3)


@check(points=0.5)
def closed_gates(rng: np.random.Generator) -> Iterator[Net]:
    """gives 0 behind a layer of which every gate is closed, also at exactly 0, and passes what one open gate lets through"""
    # Small integers: z is [0, -3, 2] exactly, then [4].
    yield (
        [np.array([[1.0, 2.0], [-1.0, 1.0], [0.0, -2.0]]), np.array([[3.0, 1.0, 2.0]])],
        np.array([2.0, -1.0]),
        np.array([1.5]),
        "relu",
    )
    yield (
        [np.array([[3.0, 1.0], [1.0, 2.0], [2.0, 4.0]]), np.array([[5.0, 1.0, 2.0], [2.0, -1.0, 1.0]])],
        np.array([2.0, -1.0]),
        np.array([0.5, -2.0]),
        "relu",
    )
    yield (
        [np.array([[-1.0, -2.0], [-3.0, 1.0]]), np.array([[2.0, 1.0], [1.0, 1.0], [4.0, 3.0]])],
        np.array([1.0, 1.0]),
        rng.normal(size=3),
        "relu",
    )


@check(points=1)
def deep_nets(rng: np.random.Generator) -> Iterator[Net]:
    """gives the norms of deep nets, where they vanish and where they explode, with saturated units too"""
    yield _net(rng, [3] * 13, "sigmoid")
    yield [np.abs(W) for W in _net(rng, [4] * 9, "sigmoid")[0]], np.ones(4), np.array([1e4, -2e4, 3e4, 1e4]), "relu"
    yield [np.array([[6.0, 7.0], [-5.0, -9.0], [8.0, 3.0]])], np.array([1.0, 2.0]), np.array([1.0, 2.0, -1.0]), "sigmoid"
    yield [np.array([[200.0, 50.0], [100.0, 20.0]]), np.array([[1.0, -2.0]])], np.ones(2), np.array([3.0]), "relu"
    yield [np.array([[-9.0, -8.0]]), np.array([[2.0], [3.0]])], np.array([1.0, 1.0]), np.array([1.0, -2.0]), "sigmoid"


@check(points=0.5, readonly=True)
def single_layer(rng: np.random.Generator) -> Iterator[Net]:
    """gives two norms for a single layer, and writes into none of its arguments"""
    yield _net(rng, [4, 3], "relu")
    yield _net(rng, [2, 5], "sigmoid")


@check(points=0.5, driver=some_entries, long_way=central_differences)
def real_size(rng: np.random.Generator) -> Iterator[Net]:
    """takes a net of 600 layers in good time"""
    yield _net(rng, [20] * 5, "relu", 0.3)


def _slope_of(activation: str) -> Slope:
    if activation == "relu":
        return lambda z: np.where(z > 0, 1.0, 0.0)
    return lambda z: np.exp(-np.abs(z)) / (1 + np.exp(-np.abs(z))) ** 2


def _forward(Ws: list[Array], x: Array, activation: str) -> list[Array]:
    """Return the pre-activations of the layers."""
    found, h = [], x
    for W in Ws:
        found.append(W @ h)
        h = _activated(found[-1], activation)
    return found


def _activated(z: Array, activation: str) -> Array:
    return np.maximum(z, 0) if activation == "relu" else 1 / (1 + np.exp(-z))


def _gradients(slope: Slope, Ws: list[Array], x: Array, dy: Array, activation: str) -> list[Array]:
    """Return the gradients with respect to h_0, ..., h_L, with a given slope."""
    found = [dy]
    for W, z in zip(reversed(Ws), reversed(_forward(Ws, x, activation)), strict=True):
        found.append(W.T @ (slope(z) * found[-1]))
    return found[::-1]


def _lengths(gradients: list[Array]) -> Array:
    return np.array([np.sqrt(np.sum(g**2)) for g in gradients])


def _right(Ws: list[Array], x: Array, dy: Array, activation: str) -> list[Array]:
    return _gradients(_slope_of(activation), Ws, x, dy, activation)


@misconception
def slopes_forgotten(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """The sigmoids are missing on the way back: each has a slope, which weakens what passes."""
    return _lengths(_gradients(_slope_of(activation) if activation == "relu" else np.ones_like, Ws, x, dy, activation))


@misconception
def a_quarter_everywhere(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """1/4 is only the largest slope of the sigmoid: take that at the z of each unit."""
    slope = _slope_of(activation) if activation == "relu" else (lambda z: np.full_like(z, 0.25))
    return _lengths(_gradients(slope, Ws, x, dy, activation))


@misconception
def slopes_of_the_relu(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """You took the slopes of the ReLU for both: look at the argument activation."""
    return _lengths(_gradients(_slope_of("relu"), Ws, x, dy, "relu"))


@misconception
def slopes_of_the_sigmoid(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """You took the slopes of the sigmoid for both: look at the argument activation."""
    return _lengths(_gradients(_slope_of("sigmoid"), Ws, x, dy, "sigmoid"))


@misconception
def matrices_not_transposed(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """On the way back, the columns of a matrix are what the rows were: what went from input j to output i comes back from i
    to j."""
    found = [dy]
    for W, z in zip(reversed(Ws), reversed(_forward(Ws, x, activation)), strict=True):
        found.append(W @ (_slope_of(activation)(z) * found[-1]))
    return _lengths(found[::-1])


@misconception
def slopes_on_the_inputs(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """The activation stands behind the matrix, so on the way back it comes before it: you took the two in the forward
    order."""
    found = [dy]
    for W, z in zip(reversed(Ws), reversed(_forward(Ws, x, activation)), strict=True):
        found.append(_slope_of(activation)(z) * (W.T @ found[-1]))
    return _lengths(found[::-1])


@misconception
def slopes_at_the_outputs(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """You took the slopes at the activations, where the slope of a unit is that at its own z."""
    slope = _slope_of(activation)
    return _lengths(_gradients(lambda z: slope(_activated(z, activation)), Ws, x, dy, activation))


@misconception
def first_layer_last(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """Your norms stand in the order of the way back: entry 0 belongs to x."""
    return _lengths(_right(Ws, x, dy, activation)[::-1])


@misconception
def behind_the_activations(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """Those are the norms with respect to the z: asked are those with respect to the h, on either side of the layers."""
    gradients = _right(Ws, x, dy, activation)
    slope = _slope_of(activation)
    inner = [slope(z) * g for z, g in zip(_forward(Ws, x, activation), gradients[1:], strict=True)]
    return _lengths([gradients[0], *inner])


@misconception
def without_dy(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """There are L + 1 of the h: the last norm, that of dy itself, is missing."""
    return _lengths(_right(Ws, x, dy, activation)[:-1])


@misconception
def without_x(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """There are L + 1 of the h: the first norm, that with respect to x, is missing."""
    return _lengths(_right(Ws, x, dy, activation)[1:])


@misconception
def sums_of_sizes(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """The Euclidean norm is a length: the square root of a sum of squares, and not a sum of sizes."""
    return np.array([np.abs(g).sum() for g in _right(Ws, x, dy, activation)])


@misconception
def squares_of_the_sums(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """The Euclidean norm is the square root of a sum of squares: you squared the sum, in which signs cancel."""
    return np.array([np.abs(g.sum()) for g in _right(Ws, x, dy, activation)])


@misconception
def squares_of_the_sums_but_for_dy(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """The Euclidean norm is the square root of a sum of squares: you squared the sum, in which signs cancel."""
    *inner, last = _right(Ws, x, dy, activation)
    return np.array([*(np.abs(g.sum()) for g in inner), *_lengths([last])])


@misconception
def largest_entries(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """You took the largest entry of each gradient: the Euclidean norm counts all of them."""
    return np.array([np.abs(g).max() for g in _right(Ws, x, dy, activation)])


@misconception
def squared_lengths(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """Those are the squares of the norms: the root is missing."""
    return _lengths(_right(Ws, x, dy, activation)) ** 2


@misconception
def lengths_of_the_activations(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """Those are the lengths of the activations, which go forward: asked are those of the gradients."""
    return _lengths([x, *(_activated(z, activation) for z in _forward(Ws, x, activation))])


@misconception
def product_of_norms(Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """A product of norms is only a bound: a gradient is turned by each matrix, and seldom lies where that stretches most."""
    found = [np.sqrt(np.sum(dy**2))]
    for W, z in zip(reversed(Ws), reversed(_forward(Ws, x, activation)), strict=True):
        found.append(np.linalg.norm(W) * _slope_of(activation)(z).max() * found[-1])
    return np.array(found[::-1])


def _with_slope(slope: Slope, Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """Return the norms with a wrong slope of the sigmoid."""
    return _lengths(_gradients(_slope_of("relu") if activation == "relu" else slope, Ws, x, dy, activation))


def _with_mask(mask: Slope, Ws: list[Array], x: Array, dy: Array, activation: str) -> Array:
    """Return the norms with a wrong mask of the ReLU."""
    return _lengths(_gradients(mask if activation == "relu" else _slope_of("sigmoid"), Ws, x, dy, activation))


# A sign does not show in a length, and two mistakes have words of this exercise.
wrong_slopes = slopes(_with_slope, but=["largest_slope", "negative_slope", "double_sigmoid"])
wrong_masks = masks(_with_mask)

equivalent = {
    "change constant: np.where(z > 0, 1.0, 0.0) -> np.where(z > 0, -1.0, 0.0)": "a length has no sign",
    "swap operands: 1 - h -> h - 1": "a length has no sign",
}


@oracle
def autograd(torch: Any, Ws: Any, x: Any, dy: Any, activation: str) -> Any:
    """The norms of PyTorch's gradients with respect to every h."""
    act = torch.relu if activation == "relu" else torch.sigmoid
    hs = [x.clone().requires_grad_()]
    for W in Ws:
        hs.append(act(W @ hs[-1]))
    gradients = torch.autograd.grad(hs[-1], hs, grad_outputs=dy)
    return torch.stack([torch.linalg.norm(g) for g in gradients])


derivation = """
Write g_l for the gradient of the loss with respect to h_l. That of the outputs is given, g_L = dy. Now go one layer back:

    h_l[i] = act(z_l[i])          z_l[i] = sum over j of W_l[i, j] * h_(l-1)[j]
    d h_l[i] / d h_(l-1)[j] = act'(z_l[i]) * W_l[i, j]

Each input j goes into all outputs i of the layer, so the chain rule adds up over i:

    g_(l-1)[j] = sum over i of W_l[i, j] * act'(z_l[i]) * g_l[i]        that is    g_(l-1) = W_l.T @ (act'(z_l) * g_l)

On the way forward the matrix comes first, then the activation. On the way back it is the other way round: first the slopes,
one for each output, then the transpose. The slopes are at the z of the forward pass. So it has to come first, and keeps them:
1 where z > 0 for the ReLU, and h * (1 - h) for the sigmoid, which has been computed already. The norms are collected from the
last to the first, and turned at the end.

Each layer multiplies the length by some factor. The sigmoid's slopes are 1/4 at most, so its layers shorten a gradient unless
their matrices are large. With the ReLU the matrices decide alone, as long as units are active.

The usual mistake is to take the slopes after the matrix, `slope * (W.T @ g)`. That has the right shape where all layers are of
one size, and pairs the slope of each unit with the wrong number.

    >>> layer_gradient_norms([np.array([[3.0, -4.0]])], np.array([4.0, 3.0]), np.array([2.0]), "sigmoid").tolist()
    [2.5, 2.0]
    >>> bool(layer_gradient_norms([np.eye(1)] * 10, np.zeros(1), np.ones(1), "sigmoid")[0] < 0.25**9)
    True
    >>> layer_gradient_norms([2 * np.eye(1)] * 4, np.ones(1), np.ones(1), "relu").tolist()
    [16.0, 8.0, 4.0, 2.0, 1.0]
"""
