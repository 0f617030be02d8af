"""Hidden checks for logistic_hvp(X, w, v): the Hessian of logistic regression, times v."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import slopes

Array = NDArray[np.float64]
Problem = tuple[Array, Array, Array]

hints = [
    "Differentiate the loss once: what is its gradient with respect to w, as a product with X.T? Where does t stand in it?",
    "H @ v is the rate at which the gradient changes when w moves along v. When w moves so, how fast does z change? And how fast,"
    " then, the sigmoid of it?",
    "Three steps, each of which makes a vector: from v to the rate of z, from there to the rate of the sigmoids, from there to the"
    " rate of the gradient.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, X: "Array", w: "Array", v: "Array") -> Any:
    """Return every so many entries."""
    return np.asarray(function(X, w, v))[::101]


def whole_hessian(X: "Array", w: "Array", v: "Array") -> "Array":
    """Build H, of shape (D, D), and multiply it by v."""
    p = 1 / (1 + np.exp(-X @ w))
    return (X.T * (p * (1 - p))) @ X @ v / len(X)


def _problem(rng: np.random.Generator, N: int, D: int) -> Problem:
    """Draw samples with a common direction, so that sums over them are not small, and z between -3 and 3 of either sign."""
    while True:
        X = rng.uniform(0.3, 1.5, size=(N, D)) * np.where(rng.uniform(size=(N, D)) < 0.3, -1.0, 1.0)
        w, v = rng.normal(size=D), rng.uniform(0.5, 2.0, size=D) * rng.choice([-1.0, 1.0], size=D)
        z, dz = X @ w, X @ v
        mixed = N == 1 or z.min() < -0.5 < 0.5 < z.max()
        if mixed and 0.3 < np.abs(z).min() and np.abs(z).max() < 3 and np.abs(dz).min() > 0.2:
            if np.abs(_right(X, w, v)).min() > 0.01:
                return X, w, v


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Problem]:
    """gives [1.25, 2.5] for the sample on paper, and the right product for three samples whose z are 0, ln 3 and -ln 3"""
    yield np.array([[1.0, 2.0]]), np.array([0.0, 0.0]), np.array([3.0, 1.0])
    X = np.array([[0.0, 2.0], [1.0, 1.0], [-1.0, 3.0]])
    yield X, np.array([np.log(3), 0.0]), np.array([1.0, -2.0])


@check(points=2.5)
def any_sizes(rng: np.random.Generator) -> Iterator[Problem]:
    """gives H @ v for any number of samples and weights, and for one sample"""
    for N, D in [(5, 3), (4, 6), (7, 2), (1, 4), (6, 1)]:
        yield _problem(rng, N, D)


@check(points=1)
def as_many_samples_as_weights(rng: np.random.Generator) -> Iterator[Problem]:
    """gives H @ v where N = D, so that a wrong product has the right shape"""
    for size in (3, 4):
        yield _problem(rng, size, size)


@check(points=1.5)
def linear_in_v(rng: np.random.Generator) -> Iterator[Problem]:
    """is linear in v, however long or short it is, and asks v for a direction alone"""
    X, w, v = _problem(rng, 5, 3)
    yield X, w, v
    for scale in (-1e6, 1e-9, 1e-100):
        yield X, w, scale * v
    yield X, w, np.array([0.0, 1.0, 0.0])


@check(points=1, float64_only=True)
def saturated(rng: np.random.Generator) -> Iterator[Problem]:
    """stays accurate where samples are classified with confidence"""
    # z of one kind in a case: beside a sample with a slope of 1/4 those with tiny slopes would not count.
    X = rng.uniform(0.9, 1.1, size=(4, 3))
    w = np.array([1.0, 2.0, 1.5])
    v = np.array([1.0, -0.3, 0.4])
    for z in (18.0, 12.0, -20.0, -35.0, -400.0, -500.0):
        yield X, w * z / (X @ w).mean(), v


@check(points=1.5, driver=some_entries, long_way=whole_hessian)
def real_size(rng: np.random.Generator) -> Iterator[Problem]:
    """takes 30000 weights, for which no Hessian fits into memory"""
    D = 30_000
    yield rng.normal(size=(3, D)), rng.normal(size=D) / np.sqrt(D), rng.normal(size=D)


@check(points=0.5, readonly=True)
def any_magnitude(rng: np.random.Generator) -> Iterator[Problem]:
    """does not write into its arguments, and takes samples of any magnitude"""
    X, w, v = _problem(rng, 4, 3)
    yield X, w, v
    yield 1e5 * X, 1e-5 * w, v
    yield 1e-7 * X, 1e7 * w, v


def _slopes(z: Array) -> Array:
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def _with_slope(slope: Callable[[Array], Array], X: Array, w: Array, v: Array) -> Array:
    return X.T @ (slope(X @ w) * (X @ v)) / len(X)


def _right(X: Array, w: Array, v: Array) -> Array:
    return _with_slope(_slopes, X, w, v)


@misconception
def square_overflows(X: Array, w: Array, v: Array) -> Array:
    """For a z far below 0 the square of 1 + exp(-z) overflows, and a slope that is tiny becomes 0: the slope is the same at z and
    at -z, so choose the sign for which the exponential is at most 1."""

    def slope(z: Array) -> Array:
        with np.errstate(over="ignore"):
            return np.exp(-z) / (1 + np.exp(-z)) ** 2

    return _with_slope(slope, X, w, v)


@misconception
def slopes_lost(X: Array, w: Array, v: Array) -> Array:
    """That is the Hessian of a squared error: here z goes through the sigmoid, whose slope is missing."""
    return _with_slope(np.ones_like, X, w, v)


@misconception
def slopes_at_v(X: Array, w: Array, v: Array) -> Array:
    """You took the slopes for the weights v: the Hessian is that at w, and v only says in which direction w moves."""
    return X.T @ (_slopes(X @ v) * (X @ v)) / len(X)


@misconception
def sum_of_the_losses(X: Array, w: Array, v: Array) -> Array:
    """That is the Hessian of the SUM of the losses; the loss is their mean."""
    return len(X) * _right(X, w, v)


@misconception
def divided_by_D(X: Array, w: Array, v: Array) -> Array:
    """You divided by the number of weights: the mean is one over the samples."""
    return _right(X, w, v) * len(X) / len(w)


@misconception
def divided_by_all_entries(X: Array, w: Array, v: Array) -> Array:
    """You divided by the number of all entries of X: the mean is one over the samples."""
    return _right(X, w, v) / len(w)


@misconception
def square_of_the_gradient(X: Array, w: Array, v: Array) -> Array:
    """The Hessian is not the outer product of the gradient with itself: differentiate the gradient once more."""
    g = X.T @ (1 / (1 + np.exp(-X @ w))) / len(X)
    return g * (g @ v)


@misconception
def squares_of_the_gradients(X: Array, w: Array, v: Array) -> Array:
    """You averaged the outer products of the samples' gradients: a Hessian is made of second derivatives, so differentiate the
    gradient once more."""
    return _with_slope(lambda z: 1 / (1 + np.exp(-z)) ** 2, X, w, v)


@misconception
def one_slope_for_all(X: Array, w: Array, v: Array) -> Array:
    """You averaged the slopes first: each sample has its own, and it weights the part of that sample."""
    return _slopes(X @ w).mean() * _with_slope(np.ones_like, X, w, v)


@misconception
def diagonal_alone(X: Array, w: Array, v: Array) -> Array:
    """You took the diagonal of the Hessian for all of it: the slope along one weight changes with the other weights, too."""
    return v * ((X**2).T @ _slopes(X @ w)) / len(X)


@misconception
def v_ignored(X: Array, w: Array, v: Array) -> Array:
    """You multiplied the Hessian by ones: where is v?"""
    return _right(X, w, np.ones_like(v))


@misconception
def gradient_of_the_sigmoids(X: Array, w: Array, v: Array) -> Array:
    """You differentiated the mean of the sigmoids, once, and v is nowhere in it: asked is how the gradient of the LOSS changes along
    v."""
    return X.T @ _slopes(X @ w) / len(X)


@misconception
def gradient_itself(X: Array, w: Array, v: Array) -> Array:
    """That is the gradient, with the targets 0: asked is how it changes along v."""
    return X.T @ (1 / (1 + np.exp(-X @ w))) / len(X)


@misconception
def rates_of_the_sigmoids(X: Array, w: Array, v: Array) -> Array:
    """You stopped at the rates of the sigmoids, one for each sample: the last step gives one entry for each weight."""
    return _slopes(X @ w) * (X @ v)


@misconception
def curvature_along_v(X: Array, w: Array, v: Array) -> Array:
    """That is v @ H @ v, the curvature along v, one number: asked is H @ v."""
    return v @ _right(X, w, v)


@misconception
def hessian_itself(X: Array, w: Array, v: Array) -> Array:
    """That is H itself, which is not to be built: asked is its product with v."""
    if len(w) > 1_000:
        raise MemoryError
    return (X.T * _slopes(X @ w)) @ X / len(X)


@misconception
def negative(X: Array, w: Array, v: Array) -> Array:
    """Your product points the other way: this loss is convex, so v @ H @ v cannot be below 0."""
    return -_right(X, w, v)


@misconception
def values_for_their_rates(X: Array, w: Array, v: Array) -> Array:
    """Your slopes multiply the z, where they have to multiply the rates at which the z change along v."""
    return X.T @ (_slopes(X @ w) * (X @ w)) / len(X)


# A square of the sigmoid and a sign have words of this exercise.
wrong_slopes = slopes(_with_slope, but=["square_of_the_sigmoid", "negative_slope"])


@oracle
def autograd(torch: Any, X: Any, w: Any, v: Any) -> Any:
    """PyTorch's Hessian-vector product of the loss, with targets that do not matter."""
    t = torch.linspace(0, 1, len(X), dtype=torch.float64)

    def loss(w: Any) -> Any:
        z = X @ w
        return torch.nn.functional.binary_cross_entropy_with_logits(z, t)

    return torch.autograd.functional.hvp(loss, w, v)[1]


def _no_step() -> float:
    return 0.0


@derivative_of("step", at=_no_step)
def gradient_along_v(X: Array, w: Array, v: Array, step: float) -> Array:
    """The gradient, with targets of 0, on the line through w along v, for complex steps too."""
    z: Any = X @ w + step * (X @ v) / np.linalg.norm(X @ v)
    return X.T @ np.where(z.real > 0, -1 / (1 + np.exp(z)), 1 / (1 + np.exp(-z))) / len(X) * np.linalg.norm(X @ v)


derivation = """
The derivative of log(1 + e**z) is e**z / (1 + e**z) = s(z), the sigmoid. So the gradient is

    d loss / d w[j] = mean over n of (s(z[n]) - t[n]) * X[n, j]

Now let w move along v: at the time r it is w + r * v. The derivative of the gradient with respect to r, at r = 0, is

    sum over k of d(gradient[j]) / d w[k] * v[k] = sum over k of H[j, k] * v[k] = (H @ v)[j]

So H @ v is the rate at which the gradient changes along v. Follow it through the formula:

    rate of z[n]          (X @ v)[n]                    z is linear in w
    rate of s(z[n])       s'(z[n]) * (X @ v)[n]         the chain rule
    rate of t[n]          0                             a constant, so t is not in H
    rate of gradient[j]   mean over n of X[n, j] * s'(z[n]) * (X @ v)[n]

That is `X.T @ (slopes * (X @ v)) / N`: the Hessian is X.T @ diag(slopes) @ X / N, and multiplied from the right it is never built.
The product costs 2 * N * D multiplications, and the Hessian N * D * D. All slopes are positive, so v @ H @ v, a mean of
slopes * (X @ v)**2, is never below 0: the loss is convex.

The usual mistake is to leave the slopes out, X.T @ (X @ v) / N. That is the Hessian of the squared error, whose gradient changes at
the same rate wherever w is. Here the curvature vanishes where the samples are far on the right side, and on the wrong side, too:

    >>> X, v = np.array([[1.0, 2.0]]), np.array([3.0, 1.0])
    >>> logistic_hvp(X, np.zeros(2), v).tolist(), logistic_hvp(X, np.array([4.0, 8.0]), v).round(7).tolist()
    ([1.25, 2.5], [0.0, 0.0])
    >>> (X.T @ (X @ v)).tolist()
    [5.0, 10.0]
"""
