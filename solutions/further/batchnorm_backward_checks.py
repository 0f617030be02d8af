"""Hidden checks for batchnorm_backward(dout, X, gamma, eps): (dX, dgamma, dbeta) of a batch normalisation in training."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..drawing import THE_ONE, figure, table
from ..slips import shares

Array = NDArray[np.float64]
Norm = tuple[Array, Array, Array, float]
Gradients = tuple[Array, Array, Array]

hints = [
    "All of it is that of a layer norm along the other axis: take one unit, and draw by which ways x of a sample gets into the z"
    " of every sample.",
    "Here gamma is one number for all that a mean is taken of, where in a layer norm each entry had its own. So it can wait"
    " until the end. Look at the two means that are left: you have both of these sums already.",
    "x gets into its own z, into the mean, and into the variance. Each of the last two takes the N-th part of a sum over the"
    " batch off the upstream gradient; one of these parts is weighted with z.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, dout: "Array", X: "Array", gamma: "Array", eps: float) -> Any:
    """Return every so many rows of dX, and the gradients of the parameters."""
    found = function(dout, X, gamma, eps)
    dX, dgamma, dbeta = (found["dX"], found["dgamma"], found["dbeta"]) if isinstance(found, dict) else found
    return np.asarray(dX)[::101], dgamma, dbeta


def jacobians(dout: "Array", X: "Array", gamma: "Array", eps: float) -> Any:
    """Build the N x N Jacobian of Z with respect to X for each unit."""
    N = len(X)
    root = np.sqrt(X.var(axis=0) + eps)
    Z = (X - X.mean(axis=0)) / root
    columns = [
        (np.eye(N) - 1 / N - np.outer(z, z) / N) @ g * c / r for z, g, c, r in zip(Z.T, dout.T, gamma, root)
    ]
    return np.array(columns).T, (dout * Z).sum(axis=0), dout.sum(axis=0)


def _norm(rng: np.random.Generator, N: int, D: int, eps: float = 1e-5) -> Norm:
    """Draw units whose means and spreads differ, an upstream gradient off 0 on average, and a gamma of mixed signs."""
    X = rng.uniform(0.5, 3.0, size=D) * rng.normal(size=(N, D)) + rng.normal(size=D)
    gamma = rng.permutation(np.linspace(0.6, 2.0, D) * np.where(np.arange(D) % 2, -1, 1))
    return rng.uniform(-1.0, 2.0, size=(N, D)), X, gamma, eps


@check(parts={"dX": 0, "dgamma": 0, "dbeta": 0}, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Norm]:
    """gives the three gradients for the unit on paper, alone and beside a second one"""
    yield np.array([[0.0], [0.0], [0.0], [64.0]]), np.array([[1.0], [1.0], [5.0], [5.0]]), np.ones(1), 12.0
    yield (
        np.array([[0.0, 16.0], [0.0, 0.0], [0.0, 0.0], [64.0, -32.0]]),
        np.array([[1.0, 7.0], [1.0, 3.0], [5.0, 7.0], [5.0, 3.0]]),
        np.array([1.0, -2.0]),
        12.0,
    )


@check(parts={"dX": 2, "dgamma": 0.25, "dbeta": 0.25})
def any_sizes(rng: np.random.Generator) -> Iterator[Norm]:
    """gives the three gradients for any number of samples and units, a single unit included"""
    for N, D in [(5, 3), (4, 6), (7, 2), (6, 1)]:
        yield _norm(rng, N, D)


@check(parts={"dX": 0.75, "dgamma": 0.25, "dbeta": 0.25})
def equal_sizes(rng: np.random.Generator) -> Iterator[Norm]:
    """gives the three gradients where N and D are the same, so that a wrong axis has the right shape"""
    yield _norm(rng, 3, 3)
    yield _norm(rng, 4, 4)


@check(parts={"dX": 0.75, "dgamma": 0.25, "dbeta": 0})
def eps_counts(rng: np.random.Generator) -> Iterator[Norm]:
    """counts eps, where it is large and where it is larger than the variance of a unit"""
    yield _norm(rng, 4, 3, rng.uniform(0.5, 2.0))
    dout, X, gamma, eps = _norm(rng, 6, 3)
    yield dout, X / 1000, gamma, eps
    # A unit that gives one number for all samples, which float64 holds exactly.
    yield dout, np.hstack([np.full((6, 1), 2.0), X[:, 1:]]), gamma, eps


@check(parts={"dX": 0.25, "dgamma": 0.25, "dbeta": 0.25})
def any_order(rng: np.random.Generator) -> Iterator[Norm]:
    """treats each unit by itself: units may be shuffled, and so may samples"""
    dout, X, gamma, eps = _norm(rng, 5, 4)
    units, samples = [2, 0, 3, 1], [3, 1, 4, 0, 2]
    yield dout, X, gamma, eps
    yield dout[:, units], X[:, units], gamma[units], eps
    yield dout[samples], X[samples], gamma, eps


@check(parts={"dX": 0.5, "dgamma": 0.25, "dbeta": 0.25})
def any_magnitude(rng: np.random.Generator) -> Iterator[Norm]:
    """takes gradients and entries of any magnitude"""
    dout, X, gamma, eps = _norm(rng, 5, 3)
    for scale in (-1e9, 1e-15):
        yield scale * dout, X, gamma, eps
    yield dout, 1e6 * X, 1e3 * gamma, eps
    yield dout, X, 1e-6 * gamma, eps


@check(parts={"dX": 0.25, "dgamma": 0, "dbeta": 0.25}, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Norm]:
    """does not write into its arguments"""
    yield _norm(rng, 4, 5)


@check(parts={"dX": 1, "dgamma": 0, "dbeta": 0}, driver=some_entries, long_way=jacobians)
def real_size(rng: np.random.Generator) -> Iterator[Norm]:
    """takes 20000 samples, for which no Jacobian of a unit fits into memory"""
    yield rng.normal(size=(20_000, 2)), rng.normal(size=(20_000, 2)), np.array([1.5, -0.5]), 1e-5


def _forward(X: Array, eps: float, axis: int = 0) -> tuple[Array, Array]:
    """Return the normalised X, and the roots that it was divided by."""
    centred = X - X.mean(axis=axis, keepdims=True)
    root = np.sqrt((centred**2).mean(axis=axis, keepdims=True) + eps)
    return centred / root, root


def _dX(dZ: Array, Z: Array, root: Array, mean: float = 1.0, variance: Any = 1.0) -> Array:
    """Return the gradient for a given one with respect to Z, with some of what comes through the mean and the variance."""
    return (dZ - mean * dZ.mean(axis=0) - variance * Z * (dZ * Z).mean(axis=0)) / root


def _right(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    Z, root = _forward(X, eps)
    return _dX(dout * gamma, Z, root), (dout * Z).sum(axis=0), dout.sum(axis=0)


def _with_shares(slip: Callable[..., Any], dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Return the gradients with wrong shares of the mean and the variance."""
    Z, root = _forward(X, eps)
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return _dX(dout * gamma, Z, root, *slip(root, len(X))), dgamma, dbeta


wrong_shares = shares(_with_shares, but=["mean_and_variance_constant"])  # which has words of this exercise


@misconception
def mean_and_variance_constant(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You took mean and variance for constants. That is right for those that are kept for later use; in training both are
    made of this batch, and each sample moves them."""
    return _with_shares(lambda root, N: (0.0, 0.0), dout, X, gamma, eps)


@misconception
def divided_by_the_units(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You divided the sums over the batch by the number of units: a unit's mean and variance are made of N samples."""
    D = X.shape[1]
    return _with_shares(lambda root, N: (N / D, N / D), dout, X, gamma, eps)


@misconception
def over_the_row(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You normalised each row, which is a layer norm: a batch norm treats each COLUMN by itself, over the samples."""
    Z, root = _forward(X, eps, axis=1)
    dZ = dout * gamma
    dX = (dZ - dZ.mean(axis=1, keepdims=True) - Z * (dZ * Z).mean(axis=1, keepdims=True)) / root
    return dX, (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def means_over_the_row(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """On the way back you averaged over the units: what comes back through a unit's mean and variance is of its samples alone."""
    Z, root = _forward(X, eps)
    dZ = dout * gamma
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return (dZ - dZ.mean(axis=1, keepdims=True) - Z * (dZ * Z).mean(axis=1, keepdims=True)) / root, dgamma, dbeta


@misconception
def means_over_everything(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """On the way back you took one mean of the whole batch: each unit has a mean and a variance of its own."""
    Z, root = _forward(X, eps)
    dZ = dout * gamma
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return (dZ - dZ.mean() - Z * (dZ * Z).mean()) / root, dgamma, dbeta


@misconception
def gamma_lost(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """gamma is missing in dX: Z reaches the loss through it."""
    Z, root = _forward(X, eps)
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return _dX(dout, Z, root), dgamma, dbeta


@misconception
def gamma_lost_in_the_means(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """gamma is in the first term of your dX alone: what comes back through the mean and the variance has come through gamma,
    too."""
    Z, root = _forward(X, eps)
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return (dout * gamma - dout.mean(axis=0) - Z * (dout * Z).mean(axis=0)) / root, dgamma, dbeta


@misconception
def divided_by_the_variance(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """dX was divided by var + eps: the units were divided by its root."""
    dX, dgamma, dbeta = _right(dout, X, gamma, eps)
    return dX / _forward(X, eps)[1], dgamma, dbeta


@misconception
def not_divided(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """dX was not divided by anything: a unit with a large spread is divided by much, and so is what comes back to it."""
    dX, dgamma, dbeta = _right(dout, X, gamma, eps)
    return dX * _forward(X, eps)[1], dgamma, dbeta


def _sample_variance(X: Array, eps: float) -> tuple[Array, Array, float]:
    """Return the X normalised with N - 1, its roots, and how much larger that makes the part of the variance."""
    more = len(X) - 1
    centred = X - X.mean(axis=0)
    root = np.sqrt((centred**2).sum(axis=0) / more + eps)
    return centred / root, root, len(X) / more


@misconception
def sample_variance(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You divided the squares by N - 1, Bessel's correction: what a batch norm divides by in training is their plain mean."""
    Z, root, larger = _sample_variance(X, eps)
    return _dX(dout * gamma, Z, root, 1, larger), (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def sample_variance_on_the_way_forward(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You divided the squares by N - 1 for Z, and by N on the way back: both ways need the plain mean of the squares."""
    Z, root, _ = _sample_variance(X, eps)
    return _dX(dout * gamma, Z, root), (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def eps_forgotten(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """eps is missing: it is there for units whose variance is near 0, and the derivatives contain it."""
    return _right(dout, X, gamma, 0.0)


@misconception
def eps_behind_the_root(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You added eps to the root of the variance: it is added to the variance, and the root is taken of both."""
    root = X.std(axis=0) + eps
    Z = (X - X.mean(axis=0)) / root
    return _dX(dout * gamma, Z, root), (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def eps_behind_the_root_on_both_ways(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You added eps to the root of the variance: it is added to the variance, and the root is taken of both."""
    spread = X.std(axis=0)
    Z = (X - X.mean(axis=0)) / (spread + eps)
    dX = _dX(dout * gamma, Z, spread + eps, 1, (spread + eps) / spread)
    return dX, (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def roots_added(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You added the roots of the variance and of eps: the root of a sum is taken once, of both together."""
    root = X.std(axis=0) + np.sqrt(eps)
    Z = (X - X.mean(axis=0)) / root
    return _dX(dout * gamma, Z, root), (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def dgamma_with_X(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """dgamma was made with X: what gamma multiplies is the normalised unit."""
    dX, _, dbeta = _right(dout, X, gamma, eps)
    return dX, (dout * X).sum(axis=0), dbeta


@misconception
def dgamma_with_gamma(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Y is linear in gamma, so gamma itself is not in dgamma."""
    dX, dgamma, dbeta = _right(dout, X, gamma, eps)
    return dX, dgamma * gamma, dbeta


@misconception
def parameters_not_summed(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """gamma and beta serve all samples: dgamma and dbeta have the shape (D,), and collect from every sample."""
    return _right(dout, X, gamma, eps)[0], dout * _forward(X, eps)[0], dout


@misconception
def parameters_averaged(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """dgamma and dbeta are sums over the samples, whatever mean and var are: a 1/N of the loss is in dout already."""
    dX, dgamma, dbeta = _right(dout, X, gamma, eps)
    return dX, dgamma / len(X), dbeta / len(X)


@misconception
def dbeta_averaged(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """dbeta is a sum over the samples, as dgamma is: a 1/N of the loss is in dout already."""
    dX, dgamma, dbeta = _right(dout, X, gamma, eps)
    return dX, dgamma, dbeta / len(X)


@oracle
def autograd(torch: Any, dout: Any, X: Any, gamma: Any, eps: float) -> Any:
    """PyTorch's vector-Jacobian product of its own batch norm, in training."""

    def norm(X: Any, gamma: Any, beta: Any) -> Any:
        return torch.nn.functional.batch_norm(X, None, None, gamma, beta, training=True, eps=eps)

    return torch.autograd.functional.vjp(norm, (X, gamma, torch.zeros_like(gamma)), dout)[1]


def _no_shift(dout: Array, X: Array, gamma: Array, eps: float) -> Array:
    return np.zeros_like(gamma)


def normalised(X: Array, gamma: Array, eps: float) -> Array:
    """The forward pass without beta, for complex numbers too."""
    centred = X - X.mean(axis=0)
    return gamma * centred / np.sqrt((centred**2).mean(axis=0) + eps)


normalised_by_X = derivative_of("X", part=0, upstream="dout")(normalised)
normalised_by_gamma = derivative_of("gamma", part=1, upstream="dout")(normalised)


@derivative_of("beta", part=2, upstream="dout", at=_no_shift)
def shifted(X: Array, gamma: Array, eps: float, beta: Array) -> Array:
    """The forward pass."""
    return normalised(X, gamma, eps) + beta


picture = figure(
    "A column of X is normalised by its own mean and variance, over the samples; a layer norm would do that with a row.",
    table(
        "X  (N, D) = (4, 3)",
        [[f"X[{n}, {k}]" for k in range(3)] for n in range(4)],
        rows=["sample 0", "sample 1", "sample 2", "sample 3"],
        columns=["unit 0", "unit 1", "unit 2"],
        grounds=dict.fromkeys([(n, 1) for n in range(4)], THE_ONE),
    ),
    table("mean, var  (D,) = (3,)", [["", "unit 1", ""]], grounds={(0, 1): THE_ONE}),
    table(
        "Z  (N, D) = (4, 3)",
        [[f"Z[{n}, {k}]" for k in range(3)] for n in range(4)],
        columns=["unit 0", "unit 1", "unit 2"],
        grounds=dict.fromkeys([(n, 1) for n in range(4)], THE_ONE),
    ),
    note="The mean and the var of unit 1 are made of all samples, and each Z[n, 1] is made of both.",
)


derivation = """
Take one unit, with the numbers x[0], ..., x[N-1] for the samples. With r = sqrt(var + eps),

    z[n] = (x[n] - mean) / r                 y[n] = gamma * z[n] + beta

gamma and beta serve all samples, and collect from all of them:

    dbeta = sum of dout[n]                   dgamma = sum of dout[n] * z[n]

x[m] gets into z[m] itself, and through mean and var into the z of every sample:

    d mean / d x[m] = 1 / N                  d r / d x[m] = (1 / (2 * r)) * (2 * (x[m] - mean) / N) = z[m] / N
    d z[n] / d x[m] = ((1 where n = m, else 0)  -  1 / N  -  z[n] * z[m] / N) / r

Multiply by gamma * dout[n], and add up over n. The sums that come out are known already:

    dx[m] = gamma / r * (dout[m]  -  dbeta / N  -  z[m] * dgamma / N)

So dX costs no more than the parameters' gradients. gamma may stand in front here, as it is the same for all that is summed; in a
layer norm, where the sums go over the entries of gamma, it may not. In use, after training, mean and var are fixed numbers from
elsewhere; then the first term is left alone.

The usual mistake is to return that first term in training too. A sample without any upstream gradient still gets one, as it
moves the mean and the variance of the others.

    >>> dout, X = np.array([[0.0], [0.0], [0.0], [64.0]]), np.array([[1.0], [1.0], [5.0], [5.0]])
    >>> dX, dgamma, dbeta = batchnorm_backward(dout, X, np.ones(1), 12.0)
    >>> dX[:, 0].tolist(), dgamma.tolist(), dbeta.tolist()
    ([-3.0, -3.0, -5.0, 11.0], [32.0], [64.0])
"""
