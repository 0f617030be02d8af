"""Hidden checks for layernorm_backward(dout, X, gamma, eps): (dX, dgamma, dbeta) of a layer normalisation of rows."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import shares

Array = NDArray[np.float64]
Norm = tuple[Array, Array, Array, float]
Gradients = tuple[Array, Array, Array]

hints = [
    "Begin with the end: Y is made of gamma, Z and beta as in a layer in which nothing is mixed. That gives dgamma, dbeta and"
    " the gradient with respect to Z. Then take a single row.",
    "An entry of a row acts on the row's Z in three ways: by itself, through the mean, and through the variance. Each way has"
    " its part in dX. For the mean and the variance, first add up what all entries of the row send back to that one number.",
    "Nothing is lost if you write the parts with Z: what comes through the mean is the same for all entries of a row, and what"
    " comes through the variance is in proportion to the entry of Z. In both a mean over the row is left to take.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def some_entries(function: Any, dout: "Array", X: "Array", gamma: "Array", eps: float) -> Any:
    """Return every so many entries of the three gradients."""
    found = function(dout, X, gamma, eps)
    dX, dgamma, dbeta = (found["dX"], found["dgamma"], found["dbeta"]) if isinstance(found, dict) else found
    return np.asarray(dX)[:, ::101], np.asarray(dgamma)[::101], np.asarray(dbeta)[::101]


def jacobians(dout: "Array", X: "Array", gamma: "Array", eps: float) -> Any:
    """Build the D x D Jacobian of Z with respect to X for each row."""
    D = X.shape[1]
    root = np.sqrt(X.var(axis=1) + eps)
    Z = (X - X.mean(axis=1, keepdims=True)) / root[:, None]
    dX = [(np.eye(D) - 1 / D - np.outer(z, z) / D) @ (g * gamma) / r for z, g, r in zip(Z, dout, root)]
    return np.array(dX), (dout * Z).sum(axis=0), dout.sum(axis=0)


def _norm(rng: np.random.Generator, N: int, D: int, eps: float = 1e-5) -> Norm:
    """Draw rows whose means and spreads differ, an upstream gradient off 0 on average, and a gamma of mixed signs."""
    X = rng.uniform(0.5, 3.0, size=(N, 1)) * rng.normal(size=(N, D)) + rng.normal(size=(N, 1))
    gamma = rng.permutation(np.linspace(0.6, 2.0, D) * np.where(np.arange(D) % 3, 1, -1))
    return rng.uniform(-1.0, 2.0, size=(N, D)), X, gamma, eps


@check(parts={"dX": 0, "dgamma": 0, "dbeta": 0}, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Norm]:
    """gives the three gradients for the row on paper, alone and with a second one"""
    yield np.array([[0.0, 0.0, 27.0]]), np.array([[0.0, 3.0, 6.0]]), np.ones(3), 3.0
    yield (
        np.array([[0.0, 0.0, 27.0], [9.0, -9.0, 0.0]]),
        np.array([[0.0, 3.0, 6.0], [5.0, 2.0, -1.0]]),
        np.array([1.0, 2.0, -1.0]),
        3.0,
    )


@check(parts={"dX": 3, "dgamma": 0.5, "dbeta": 0.5})
def any_sizes(rng: np.random.Generator) -> Iterator[Norm]:
    """gives the three gradients for any number of rows and entries"""
    for N, D in [(5, 3), (2, 6), (4, 7)]:
        yield _norm(rng, N, D)


@check(parts={"dX": 0.5, "dgamma": 0.25, "dbeta": 0.25})
def single_row(rng: np.random.Generator) -> Iterator[Norm]:
    """gives the three gradients for a batch of one row, dgamma and dbeta in the shape (D,)"""
    yield _norm(rng, 1, 5)
    yield _norm(rng, 1, 4)


@check(parts={"dX": 1, "dgamma": 0.5, "dbeta": 0.5})
def equal_sizes(rng: np.random.Generator) -> Iterator[Norm]:
    """gives the three gradients where N and D are the same, so that a wrong axis has the right shape"""
    yield _norm(rng, 3, 3)
    yield _norm(rng, 5, 5)


@check(parts={"dX": 1, "dgamma": 0.25, "dbeta": 0})
def eps_counts(rng: np.random.Generator) -> Iterator[Norm]:
    """counts eps, where it is large and where it is larger than the variance of a row"""
    yield _norm(rng, 4, 3, rng.uniform(0.5, 2.0))
    dout, X, gamma, eps = _norm(rng, 3, 5)
    yield dout, X / 1000, gamma, eps
    # A row of equal numbers, which float64 holds exactly.
    yield dout, np.vstack([np.full((1, 5), 2.0), X[1:]]), gamma, eps


@check(parts={"dX": 0.5, "dgamma": 0.25, "dbeta": 0.25})
def any_row_order(rng: np.random.Generator) -> Iterator[Norm]:
    """treats each row by itself: rows may be shuffled, or come in two batches"""
    dout, X, gamma, eps = _norm(rng, 5, 4)
    order = [3, 1, 4, 0, 2]
    yield dout[order], X[order], gamma, eps
    yield dout[:2], X[:2], gamma, eps
    yield dout[2:], X[2:], gamma, eps


@check(parts={"dX": 0.5, "dgamma": 0.25, "dbeta": 0.25})
def any_magnitude(rng: np.random.Generator) -> Iterator[Norm]:
    """takes gradients and entries of any magnitude"""
    dout, X, gamma, eps = _norm(rng, 3, 4)
    for scale in (-1e9, 1e-15):
        yield scale * dout, X, gamma, eps
    yield dout, 1e6 * X, 1e3 * gamma, eps
    yield dout, X, 1e-6 * gamma, eps


@check(parts={"dX": 0.5, "dgamma": 0, "dbeta": 0.25}, readonly=True)
def inputs_are_left_alone(rng: np.random.Generator) -> Iterator[Norm]:
    """does not write into its arguments"""
    yield _norm(rng, 4, 6)


@check(parts={"dX": 1, "dgamma": 0, "dbeta": 0}, driver=some_entries, long_way=jacobians)
def real_size(rng: np.random.Generator) -> Iterator[Norm]:
    """takes rows of 30000 numbers, for which no Jacobian fits into memory"""
    yield rng.normal(size=(2, 30_000)), rng.normal(size=(2, 30_000)), rng.normal(size=30_000), 1e-5


def _forward(X: Array, eps: float, axis: int = 1) -> tuple[Array, Array]:
    """Return the normalised X, and the roots that it was divided by."""
    centred = X - X.mean(axis=axis, keepdims=True)
    root = np.sqrt((centred**2).mean(axis=axis, keepdims=True) + eps)
    return centred / root, root


def _dX(dZ: Array, Z: Array, root: Array, mean: float = 1.0, variance: Any = 1.0) -> Array:
    """Return the gradient for a given one with respect to Z, with some of what comes through the mean and the variance."""
    return (dZ - mean * dZ.mean(axis=1, keepdims=True) - variance * Z * (dZ * Z).mean(axis=1, keepdims=True)) / root


def _right(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    Z, root = _forward(X, eps)
    return _dX(dout * gamma, Z, root), (dout * Z).sum(axis=0), dout.sum(axis=0)


def _with_shares(slip: Callable[..., Any], dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Return the gradients with wrong shares of the mean and the variance."""
    Z, root = _forward(X, eps)
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return _dX(dout * gamma, Z, root, *slip(root, X.shape[1])), dgamma, dbeta


wrong_shares = shares(_with_shares)


@misconception
def over_the_batch(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You normalised each column over the batch, which is a batch norm: a layer norm treats each ROW by itself."""
    Z, root = _forward(X, eps, axis=0)
    dZ = dout * gamma
    dX = (dZ - dZ.mean(axis=0) - Z * (dZ * Z).mean(axis=0)) / root
    return dX, (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def means_over_the_batch(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """On the way back you averaged over the batch: what comes back through a row's mean and variance is that row's alone."""
    Z, root = _forward(X, eps)
    dZ = dout * gamma
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return (dZ - dZ.mean(axis=0) - Z * (dZ * Z).mean(axis=0)) / root, dgamma, dbeta


@misconception
def means_over_everything(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """On the way back you took one mean of the whole batch: each row has a mean and a variance of its own."""
    Z, root = _forward(X, eps)
    dZ = dout * gamma
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return (dZ - dZ.mean() - Z * (dZ * Z).mean()) / root, dgamma, dbeta


@misconception
def means_not_kept_as_columns(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """The means of the rows, shape (N,), were spread along the rows: that of row 0 belongs to row 0, so keep a column."""
    Z, root = _forward(X, eps)
    dZ = dout * gamma
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return (dZ - dZ.mean(axis=1) - Z * (dZ * Z).mean(axis=1)) / root, dgamma, dbeta


@misconception
def gamma_lost(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """gamma is missing in dX: Z reaches the loss through it."""
    Z, root = _forward(X, eps)
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return _dX(dout, Z, root), dgamma, dbeta


@misconception
def gamma_at_the_end(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You multiplied by gamma last, after the means: on the way back it is met first, and the means mix what it has weighted."""
    Z, root = _forward(X, eps)
    _, dgamma, dbeta = _right(dout, X, gamma, eps)
    return gamma * _dX(dout, Z, root), dgamma, dbeta


@misconception
def divided_by_the_variance(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """dX was divided by var + eps: the rows were divided by its root."""
    dX, dgamma, dbeta = _right(dout, X, gamma, eps)
    return dX / _forward(X, eps)[1], dgamma, dbeta


@misconception
def not_divided(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """dX was not divided by anything: a row with a large spread is divided by much, and so is what comes back to it."""
    dX, dgamma, dbeta = _right(dout, X, gamma, eps)
    return dX * _forward(X, eps)[1], dgamma, dbeta


def _sample_variance(X: Array, eps: float) -> tuple[Array, Array, float]:
    """Return the X normalised with D - 1, its roots, and how much larger that makes the part of the variance."""
    more = X.shape[1] - 1
    centred = X - X.mean(axis=1, keepdims=True)
    root = np.sqrt((centred**2).sum(axis=1, keepdims=True) / more + eps)
    return centred / root, root, X.shape[1] / more


@misconception
def sample_variance(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You divided the squares by D - 1: the variance of a layer norm is the plain mean of the squares."""
    Z, root, larger = _sample_variance(X, eps)
    return _dX(dout * gamma, Z, root, 1, larger), (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def sample_variance_on_the_way_forward(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You divided the squares by D - 1 for Z, and by D on the way back: both ways need the plain mean of the squares."""
    Z, root, _ = _sample_variance(X, eps)
    return _dX(dout * gamma, Z, root), (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def eps_forgotten(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """eps is missing: it is there for rows whose variance is near 0, and the derivatives contain it."""
    return _right(dout, X, gamma, 0.0)


@misconception
def eps_behind_the_root(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You added eps to the root of the variance: it is added to the variance, and the root is taken of both."""
    root = X.std(axis=1, keepdims=True) + eps
    Z = (X - X.mean(axis=1, keepdims=True)) / root
    return _dX(dout * gamma, Z, root), (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def eps_behind_the_root_on_both_ways(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """You added eps to the root of the variance: it is added to the variance, and the root is taken of both."""
    spread = X.std(axis=1, keepdims=True)
    Z = (X - X.mean(axis=1, keepdims=True)) / (spread + eps)
    dX = _dX(dout * gamma, Z, spread + eps, 1, (spread + eps) / spread)
    return dX, (dout * Z).sum(axis=0), dout.sum(axis=0)


@misconception
def dgamma_with_X(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """dgamma was made with X: what gamma multiplies is the normalised row."""
    dX, _, dbeta = _right(dout, X, gamma, eps)
    return dX, (dout * X).sum(axis=0), dbeta


@misconception
def dgamma_with_gamma(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """Y is linear in gamma, so gamma itself is not in dgamma."""
    dX, dgamma, dbeta = _right(dout, X, gamma, eps)
    return dX, dgamma * gamma, dbeta


@misconception
def parameters_not_summed(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """gamma and beta serve all rows: dgamma and dbeta have the shape (D,), and collect from every row."""
    return _right(dout, X, gamma, eps)[0], dout * _forward(X, eps)[0], dout


@misconception
def parameters_summed_over_the_row(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """For dgamma and dbeta you added up along the rows: each entry of gamma belongs to a column, and serves all rows."""
    return _right(dout, X, gamma, eps)[0], (dout * _forward(X, eps)[0]).sum(axis=1), dout.sum(axis=1)


@misconception
def parameters_averaged(dout: Array, X: Array, gamma: Array, eps: float) -> Gradients:
    """dgamma and dbeta are sums over the rows: where the loss is a mean, its 1/N is in dout already."""
    dX, dgamma, dbeta = _right(dout, X, gamma, eps)
    return dX, dgamma / len(X), dbeta / len(X)


@oracle
def autograd(torch: Any, dout: Any, X: Any, gamma: Any, eps: float) -> Any:
    """PyTorch's vector-Jacobian product of its own layer norm."""

    def norm(X: Any, gamma: Any, beta: Any) -> Any:
        return torch.nn.functional.layer_norm(X, X.shape[1:], gamma, beta, eps)

    return torch.autograd.functional.vjp(norm, (X, gamma, torch.zeros_like(gamma)), dout)[1]


def _no_shift(dout: Array, X: Array, gamma: Array, eps: float) -> Array:
    return np.zeros_like(gamma)


def normalised(X: Array, gamma: Array, eps: float) -> Array:
    """The forward pass without beta, for complex numbers too."""
    centred = X - X.mean(axis=1, keepdims=True)
    return gamma * centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + eps)


normalised_by_X = derivative_of("X", part=0, upstream="dout")(normalised)
normalised_by_gamma = derivative_of("gamma", part=1, upstream="dout")(normalised)


@derivative_of("beta", part=2, upstream="dout", at=_no_shift)
def shifted(X: Array, gamma: Array, eps: float, beta: Array) -> Array:
    """The forward pass."""
    return normalised(X, gamma, eps) + beta


derivation = """
Y = gamma * Z + beta mixes nothing: dbeta and dgamma collect from all rows, and each entry of Z gets its own part back.

    dbeta = dout.sum(axis=0)        dgamma = (dout * Z).sum(axis=0)        dZ = dout * gamma

Now one row x of D numbers, with z[i] = (x[i] - mean) / r and r = sqrt(var + eps). An entry x[j] is in z[j] itself, and in the
two numbers mean and r, on which all entries of z depend:

    d mean / d x[j] = 1 / D
    d var / d x[j]  = 2 * (x[j] - mean) / D           d r / d var = 1 / (2 * r)        so     d r / d x[j] = z[j] / D
    d z[i] / d x[j] = (1 where i = j, else 0) / r  -  1 / (D * r)  -  z[i] * z[j] / (D * r)

(Through var the mean moves as well, but that adds nothing: the sum of the x[i] - mean is 0.) The 2 of the square and the 1/2 of
the root have cancelled. Multiply by dz[i] and add up over i. Each sum over i with a 1/D is a mean over the row:

    dx[j] = (dz[j]  -  mean of dz  -  z[j] * mean of (dz * z)) / r

So three numbers for each row are enough, r and two means, and no Jacobian is built. dX of a row adds up to 0: if all of its
entries move by the same amount, Z stays. And if eps is small, dX is nearly orthogonal to Z as well: a row that is stretched is
shrunk again.

The usual mistake is dz / r, with mean and var as constants. It is the only part that one sees when looking at a single entry.

    >>> dX, dgamma, dbeta = layernorm_backward(np.array([[0.0, 0.0, 27.0]]), np.array([[0.0, 3.0, 6.0]]), np.ones(3), 3.0)
    >>> dX.tolist(), dgamma.tolist(), dbeta.tolist()
    ([[0.0, -3.0, 3.0]], [0.0, 0.0, 27.0], [0.0, 0.0, 27.0])
"""
