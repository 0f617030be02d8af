"""Hidden checks for softmax_jacobian(z): the Jacobian of the softmax with respect to its logits, shape (n, n)."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle
from ..drawing import THE_ONE, figure, table

Array = NDArray[np.float64]

hints = [
    "Every logit is in the denominator of every probability. What does the quotient rule give for p_0 by z_1?",
    "Write the derivatives in terms of p alone: one formula for i = j, one for i != j. Then look for a matrix that is"
    " on the diagonal only, and one that is everywhere.",
    "Subtracting the same number from all logits changes no probability: choose it so that no exponent is above 0.",
]

equivalent = {
    "clip: np.diag(p) - np.outer(p, p) -> np.clip(np.diag(p) - np.outer(p, p), -100, 100)": "no entry is beyond 1/4",
}


def _logits(rng: np.random.Generator, n: int) -> Array:
    """Draw logits of both signs, none so far above the others that 1 - p loses its digits."""
    return rng.permutation(np.linspace(-1.5, 1.5, n) + rng.uniform(-0.3, 0.3, size=n))


@check(points=0, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Array]:
    """gives the Jacobian for the logits [0, ln 3], and for four equal ones"""
    yield np.array([0.0, np.log(3)])
    yield np.zeros(4)


@check(points=3)
def any_number_of_logits(rng: np.random.Generator) -> Iterator[Array]:
    """gives the Jacobian for any number of logits, a single one included"""
    for n in (3, 5, 8, 2):
        yield _logits(rng, n)
    yield np.array([0.0])
    yield np.array([1.5, 1.5])
    yield np.array([-20.0, 0.5, 1.0])


@check(points=1)
def shifted_and_permuted(rng: np.random.Generator) -> Iterator[Array]:
    """gives the same Jacobian where all logits are shifted, and a permuted one where they are permuted"""
    z = _logits(rng, 4)
    yield z
    yield z + 5
    yield z - 3
    yield z[[2, 0, 3, 1]]


@check(points=2)
def large_logits(rng: np.random.Generator) -> Iterator[Array]:
    """gives the Jacobian for logits around 1000, around -1000, and far apart"""
    yield 1000 + _logits(rng, 3)
    yield -1000 + _logits(rng, 4)
    yield np.array([800.0, -800.0, 801.0, 799.5])
    yield np.array([-500.0, 500.0, 501.0])
    # No other logit is as good as the largest: not the first, the middle or the last, and not the mean or half of the largest.
    yield np.array([2000.0, 0.5, 1999.0, -1000.0])
    yield np.array([-3.0, 1899.0, 2.0, 1.0, 1900.0])


@check(points=1, errstate="raise")
def no_overflow_on_the_way(rng: np.random.Generator) -> Iterator[Array]:
    """computes nothing that is out of range on the way"""
    yield 1e5 + _logits(rng, 3)
    yield np.array([-1e5, 1e5, 1e5 + 1])
    yield -1e5 + _logits(rng, 5)


@check(points=0.5, readonly=True)
def input_is_left_alone(rng: np.random.Generator) -> Iterator[Array]:
    """does not write into z"""
    yield _logits(rng, 4)


@check(points=0.5)
def single_precision(rng: np.random.Generator) -> Iterator[Array]:
    """gives the Jacobian for logits in float32, to the accuracy of float32"""
    yield _logits(rng, 5).astype(np.float32)


def _softmax(z: Array) -> Array:
    weights = np.exp(z - z.max())
    return weights / weights.sum()


def _right(z: Array) -> Array:
    p = _softmax(z)
    return np.diag(p) - np.outer(p, p)


@misconception
def sigmoid_rule(z: Array) -> Array:
    """The softmax couples its inputs, every p_i depends on every z_j: the Jacobian is an n x n matrix."""
    p = _softmax(z)
    return p * (1 - p)


@misconception
def diagonal_only(z: Array) -> Array:
    """Raising z_j lowers every other probability: the entries off the diagonal are not 0."""
    p = _softmax(z)
    return np.diag(p * (1 - p))


@misconception
def row_sums(z: Array) -> Array:
    """The rows of this Jacobian always sum to 0, as the probabilities sum to 1; return the matrix, not its row sums."""
    # Most sums are rounding errors that depend on the order of the terms; those of 1, 2 or 4 equal logits are 0.
    return np.zeros(z.size) if np.ptp(z) == 0 else _right(z)


@misconception
def exponentials_overflow(z: Array) -> Array:
    """e**z leaves the range of float64 for large logits: subtract the largest logit from all of them first."""
    weights = np.exp(z)
    p = weights / weights.sum()
    return np.diag(p) - np.outer(p, p)


@misconception
def smallest_subtracted(z: Array) -> Array:
    """Subtract the largest logit, not the smallest: the exponents must not be above 0."""
    weights = np.exp(z - z.min())
    p = weights / weights.sum()
    return np.diag(p) - np.outer(p, p)


@misconception
def plus_sign(z: Array) -> Array:
    """Raising z_j lowers the other probabilities: the entries off the diagonal are negative."""
    p = _softmax(z)
    return np.diag(p) + np.outer(p, p)


@misconception
def negative(z: Array) -> Array:
    """Raising z_i raises p_i: the diagonal is positive, and your Jacobian has the wrong sign."""
    p = _softmax(z)
    return np.outer(p, p) - np.diag(p)


@misconception
def positive_beside_the_diagonal(z: Array) -> Array:
    """Your diagonal is right, and the entries beside it have the wrong sign: raising z_j lowers the other probabilities."""
    p = _softmax(z)
    return np.diag(p * (1 - p)) + np.outer(p, p) - np.diag(p * p)


@misconception
def own_probability_twice(z: Array) -> Array:
    """Beside the diagonal two probabilities meet, p_i and p_j; in yours p_i meets itself."""
    p = _softmax(z)
    return np.diag(p) - (p * p)[:, None] * np.ones(len(p))


@misconception
def not_divided_by_the_sum(z: Array) -> Array:
    """Your exponentials are no probabilities yet: divide them by their sum."""
    weights = np.exp(z - z.max())
    return np.diag(weights) - np.outer(weights, weights)


@misconception
def takes_z_for_the_output(z: Array) -> Array:
    """Your formula is right for the probabilities, but z holds the logits: apply the softmax first."""
    return np.diag(z) - np.outer(z, z)


@misconception
def softmax_itself(z: Array) -> Array:
    """You returned the probabilities; asked are their derivatives."""
    return _softmax(z)


@misconception
def logits_in_one_factor(z: Array) -> Array:
    """Both factors off the diagonal are probabilities; in one of them you have the logits."""
    p = _softmax(z)
    return np.diag(p) - np.outer(p, z)


@misconception
def broadcast_row(z: Array) -> Array:
    """.T does nothing to a 1-D array: p_i must stand in row i, and yours stands in column i."""
    p = _softmax(z)
    return p * (np.eye(len(p)) - p.T)


@oracle
def autograd(torch: Any, z: Any) -> Any:
    """PyTorch's Jacobian of its softmax."""
    return torch.autograd.functional.jacobian(lambda logits: torch.softmax(logits, dim=0), z)


@derivative_of("z")
def probabilities(z: Array) -> Array:
    """The softmax."""
    return _softmax(z)


picture = figure(
    "The logits z and the probabilities p of the example on paper, and the Jacobian: a row for each p, a column for each z.",
    table("z  (n,)", [["0"], ["ln 3"]], rows=["z_0", "z_1"]),
    table("p  (n,)", [["1/4"], ["3/4"]], rows=["p_0", "p_1"]),
    table(
        "the Jacobian  (n, n)",
        [["3/16", ""], ["", ""]],
        rows=["p_0", "p_1"],
        columns=["z_0", "z_1"],
        grounds={(0, 0): THE_ONE},
    ),
    note="Every logit is in the sum below every probability: no entry is 0 by itself.",
)


derivation = """
Write e[i] for the exponential of z[i], and S for the sum of all of them, so that p[i] = e[i] / S. The input z[j] is in the
denominator of every p[i], and in the numerator of p[j]. The quotient rule:

    i = j:       dp[i] / dz[i] = (e[i] * S - e[i] * e[i]) / S**2 = p[i] - p[i] * p[i]
    i not j:     dp[i] / dz[j] = (0 * S - e[i] * e[j]) / S**2    = 0    - p[i] * p[j]

Both lines have the term p[i] * p[j], for all i and j: that is the outer product of p with itself. The first line has p[i]
besides, on the diagonal only. So the Jacobian is `np.diag(p) - np.outer(p, p)`.

Each row and each column sums to 0. The probabilities sum to 1 whatever z is, so if one grows, the others have to fall.

How to compute p without an overflow: multiply numerator and denominator by the same number, and p stays the same. Subtracting
max(z) from all logits does that. Then the largest exponent is 0, no exponential is above 1, and S is at least 1. Small ones
may become 0, as they should.

The usual mistake is to return the diagonal alone, p * (1 - p), as for the sigmoid. There each output has one input. Here every
output depends on every input, through S.

    >>> J = softmax_jacobian(np.array([0.0, np.log(3.0)]))
    >>> (16 * J).round(6).tolist()
    [[3.0, -3.0], [-3.0, 3.0]]
    >>> bool(np.isfinite(softmax_jacobian(np.array([1000.0, -1000.0, 0.0]))).all())
    True
"""
