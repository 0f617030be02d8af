"""Hidden checks for bce_with_logits(z, t): the mean binary cross-entropy of a sigmoid, and its gradient."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle
from grader.course.checks import Misconception

Array = NDArray[np.float64]
Batch = tuple[Array, Array]
Answer = tuple[Any, Array]

hints = [
    "The gradient first, with pen and paper: the derivative of the loss with respect to p, times the slope p * (1 - p) of the"
    " sigmoid. Look what cancels.",
    "The loss: -log(p) is log(1 + exp(-z)). How do the two logarithms differ? And which of exp(z) and exp(-z) is safe"
    " where z is positive, and where it is negative?",
    "Take exp(-|z|), which never overflows, and np.log1p, which keeps what log(1 + tiny) would lose; what is missing for one"
    " sign of z is added with np.maximum.",
]


# A driver travels as source: it may use its arguments, builtins and np alone.


def the_loss(function: Any, z: "Array", t: "Array") -> Any:
    """Return the first of the two values; one that comes alone is taken for it."""
    both = function(z, t)
    if isinstance(both, dict):
        return both["loss"]
    return both[0] if isinstance(both, tuple | list) else both


def _batch(rng: np.random.Generator, N: int) -> Batch:
    """Draw moderate scores of both signs, and targets of which some lie between 0 and 1."""
    z = rng.uniform(0.3, 3.0, size=N) * np.resize([1.0, -1.0, -1.0, 1.0], N)
    t = np.resize([0.0, 0.0, 1.0, 1.0, 0.3], N)
    return z, t


@check(parts={"loss": 0, "dz": 0}, public=True)
def example_on_paper(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the loss and the gradient for z = [0, ln 3] and t = [1, 0]"""
    yield np.array([0.0, np.log(3.0)]), np.array([1.0, 0.0])


@check(parts={"loss": 2, "dz": 2})
def moderate_scores(rng: np.random.Generator) -> Iterator[Batch]:
    """gives both for moderate scores, and for targets between 0 and 1 too"""
    for N in (3, 5, 8):
        yield _batch(rng, N)


@check(parts={"loss": 0.5, "dz": 0.5}, readonly=True)
def single_sample(rng: np.random.Generator) -> Iterator[Batch]:
    """gives both for a batch of one, and writes into neither argument"""
    yield np.array([rng.uniform(0.5, 2.0)]), np.array([0.0])
    yield np.array([-rng.uniform(0.5, 2.0)]), np.array([0.75])


@check(parts={"loss": 1, "dz": 0.5})
def sure_and_wrong(rng: np.random.Generator) -> Iterator[Batch]:
    """stays accurate where outputs are sure of the wrong class: scores of 35, 40 and 800"""
    yield np.array([36.4 + rng.uniform(0.0, 0.1)]), np.array([0.0])
    yield np.array([-40.0, 35.2]), np.array([1.0, 0.0])
    yield np.array([800.0, -800.0, 12.0]), np.array([0.0, 1.0, 0.0])
    yield np.array([-1e4]), np.array([1.0])
    yield np.array([750.0, -900.0]), np.array([0.5, 0.25])


@check(parts={"loss": 0.5, "dz": 0.5})
def sure_and_right(rng: np.random.Generator) -> Iterator[Batch]:
    """stays accurate where outputs are sure of class 0 and right, and both are tiny"""
    yield np.array([-20.0 - rng.uniform(0.0, 0.1)]), np.array([0.0])
    yield np.array([-33.3, -34.6]), np.array([0.0, 0.0])
    yield np.array([-40.0, -50.0, -38.0]), np.array([0.0, 0.0, 0.0])
    yield np.array([-700.0]), np.array([0.0])


@check(points=0.5, driver=the_loss)
def sure_of_class_one(rng: np.random.Generator) -> Iterator[Batch]:
    """gives the tiny loss of outputs that are sure of class 1 and right"""
    yield np.array([27.0 + rng.uniform(0.0, 0.1)]), np.array([1.0])
    yield np.array([30.2, 31.1]), np.array([1.0, 1.0])
    yield np.array([38.0, 50.0, 40.0]), np.array([1.0, 1.0, 1.0])
    yield np.array([700.0]), np.array([1.0])


def _p(z: Array) -> Array:
    return np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))


def _losses(z: Array, t: Array) -> Array:
    return np.maximum(z, 0) - z * t + np.log1p(np.exp(-np.abs(z)))


def _gradient(z: Array, t: Array) -> Array:
    return (_p(z) - t) / len(z)


@misconception
def logarithm_of_the_sigmoid(z: Array, t: Array) -> Answer:
    """Where p is rounded to 0 or 1, its logarithm is lost: rewrite the loss so that no logarithm is taken of p or 1 - p."""
    p = _p(z)
    return np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p)), _gradient(z, t)


def _clipped_at(off: float, *, in_dz: bool) -> Misconception:
    def clipped_probability(z: Array, t: Array) -> Answer:
        """You kept p off 0 and 1: then the loss of a confident mistake stops growing, where it should go on with |z|."""
        p = np.clip(_p(z), off, 1 - off)
        loss = np.mean(-t * np.log(p) - (1 - t) * np.log(1 - p))
        return loss, (p - t) / len(z) if in_dz else _gradient(z, t)

    clipped_probability.__name__ += f"_{off:.0e}".replace("-", "") + "_in_both" * in_dz
    return misconception(clipped_probability)


def _padded_by(little: float) -> Misconception:
    def padded_logarithm(z: Array, t: Array) -> Answer:
        """A small number inside the logarithms hides the infinity, and caps the loss of a confident mistake: rewrite the loss
        instead."""
        p = _p(z)
        return np.mean(-t * np.log(p + little) - (1 - t) * np.log(1 - p + little)), _gradient(z, t)

    padded_logarithm.__name__ += f"_{little:.0e}".replace("-", "")
    return misconception(padded_logarithm)


OFF = (1e-7, 1e-8, 1e-10, 1e-12, 1e-15)
"""What is usually kept off 0 and 1, or added."""

clipped_probabilities = tuple(_clipped_at(off, in_dz=in_dz) for off in OFF for in_dz in (False, True))
padded_logarithms = tuple(map(_padded_by, OFF))


@misconception
def overflow_in_the_loss(z: Array, t: Array) -> Answer:
    """exp(-z) overflows for a score far below 0: choose the sign so that the exponential is at most 1."""
    return np.mean(np.log1p(np.exp(-z)) + (1 - t) * z), _gradient(z, t)


@misconception
def digits_lost_beside_one(z: Array, t: Array) -> Answer:
    """Beside 1, a tiny number loses its digits: numpy has a logarithm of 1 + x that is made for a tiny x."""
    return np.mean(np.maximum(z, 0) - z * t + np.log(1 + np.exp(-np.abs(z)))), _gradient(z, t)


@misconception
def large_numbers_subtracted(z: Array, t: Array) -> Answer:
    """log(1 + exp(z)) - t * z is a difference of two large numbers where a large score has the target 1, and a tiny loss is lost in
    it: which form has no such difference?"""
    return np.mean(np.logaddexp(0, z) - t * z), _gradient(z, t)


@misconception
def sum_for_the_loss(z: Array, t: Array) -> Answer:
    """The loss is a mean over the samples, and so its gradient has the factor 1/N, too: you have a sum."""
    return np.sum(_losses(z, t)), _p(z) - t


@misconception
def gradient_of_the_sum(z: Array, t: Array) -> Answer:
    """The loss is a mean over the samples, and so its gradient has the factor 1/N, too: you have a sum."""
    return np.mean(_losses(z, t)), _p(z) - t


@misconception
def losses_of_the_samples(z: Array, t: Array) -> Answer:
    """The loss is one number, the mean over the samples: you returned one number for each of them."""
    return _losses(z, t), _gradient(z, t)


@misconception
def targets_as_signs(z: Array, t: Array) -> Answer:
    """log(1 + exp(-y * z)) with y = 2 * t - 1 is the loss for targets of 0 and 1 alone; between them it is another one."""
    return np.mean(np.logaddexp(0, -(2 * t - 1) * z)), _gradient(z, t)


@misconception
def one_slope_too_many(z: Array, t: Array) -> Answer:
    """The slope of the sigmoid is in your gradient, where it should have cancelled: differentiate the logarithms as well."""
    return np.mean(_losses(z, t)), _gradient(z, t) * _p(z) * (1 - _p(z))


@misconception
def with_respect_to_the_probability(z: Array, t: Array) -> Answer:
    """That is the gradient with respect to p: the sigmoid lies between p and the scores, and has a slope."""
    with np.errstate(all="ignore"):
        return np.mean(_losses(z, t)), _gradient(z, t) / (_p(z) * (1 - _p(z)))


@misconception
def scores_for_probabilities(z: Array, t: Array) -> Answer:
    """You compared the scores with the targets: the targets are probabilities, and so is the sigmoid of a score."""
    return np.mean(_losses(z, t)), (z - t) / len(z)


@misconception
def targets_exchanged(z: Array, t: Array) -> Answer:
    """The classes have changed places: p is the probability of class 1, so a target of 1 goes with log(p)."""
    return np.mean(_losses(z, 1 - t)), _gradient(z, 1 - t)


@misconception
def targets_rounded(z: Array, t: Array) -> Answer:
    """Your gradient takes every target for 0 or 1: one that lies between them counts as it is."""
    return np.mean(_losses(z, t)), (_p(z) - (t > 0.5)) / len(z)


@misconception
def class_one_alone(z: Array, t: Array) -> Answer:
    """Samples with target 0 have a loss as well: that of the other class's probability."""
    return np.mean(t * np.log1p(np.exp(-np.abs(z))) + t * np.maximum(-z, 0)), t * _gradient(z, np.ones_like(t))


@misconception
def logarithm_to_base_two(z: Array, t: Array) -> Answer:
    """You took logarithms to the base 2: the loss is meant with natural ones."""
    return np.mean(_losses(z, t)) / np.log(2), _gradient(z, t) / np.log(2)


equivalent = {
    "clip: ((1 - t) * p - t * rest) / len(z) -> np.clip(((1 - t) * p - t * rest) / len(z), -100, 100)": "an entry is at most 1 in size",
}


@oracle
def autograd(torch: Any, z: Any, t: Any) -> Any:
    """The loss by PyTorch's logaddexp, which keeps the digits that its own loss loses in the tails, and its gradient."""

    def loss(z: Any) -> Any:
        zeros = torch.zeros_like(z)
        return (t * torch.logaddexp(zeros, -z) + (1 - t) * torch.logaddexp(zeros, z)).mean()

    return loss(z), torch.autograd.functional.jacobian(loss, z)


@derivative_of("z", part="dz")
def mean_loss(z: Array, t: Array) -> Any:
    """Compute the mean loss."""
    return np.mean(np.logaddexp(0, z) - z * t)


derivation = """
Put the sigmoid into the loss of one sample before you differentiate or compute anything. With p = 1 / (1 + e**-z):

    -log(p)     = log(1 + e**-z)
    -log(1 - p) = -log(e**-z / (1 + e**-z)) = z + log(1 + e**-z)

The loss takes t of the first and 1 - t of the second. The logarithm is in both, and t + (1 - t) = 1:

    loss = (1 - t) * z + log(1 + e**-z) = z - z * t + log(1 + e**-z)

No p is left that could be rounded to 0. But `e**-z` overflows for a z far below 0. There take it out of the sum:

    log(1 + e**-z) = log(e**-z * (e**z + 1)) = -z + log(1 + e**z)        so that    loss = -z * t + log(1 + e**z)

The two lines, for z above and below 0, are one with max(z, 0) and |z|: `maximum(z, 0) - z * t + log1p(exp(-abs(z)))`.
`np.log1p` takes the logarithm of 1 + e for an e so small that 1 + e is rounded to 1. For the gradient differentiate the
rewritten loss:

    d loss / dz = 1 - t - e**-z / (1 + e**-z) = 1 - t - (1 - p) = p - t

and divide by N, since the loss is a mean. p is computed without overflow as well, as `e**min(z, 0) / (1 + e**-|z|)`. Where p and
t are 1, what is left of p - t is the rounding of p; with 1 - p computed like p, for -z, `(1 - t) * p - t * (1 - p)` keeps its digits.

The usual mistake is to clip p, or to add 1e-12 inside the logarithms. That hides the infinity, but the loss of a confident
mistake stops growing at some 28, where it should be |z|. The second one is a further p * (1 - p) in the gradient: it has
cancelled.

    >>> loss, dz = bce_with_logits(np.array([0.0, np.log(3)]), np.array([1.0, 0.0]))
    >>> round(float(loss), 4), dz.round(6).tolist()
    (1.0397, [-0.25, 0.375])
    >>> loss, dz = bce_with_logits(np.array([800.0, -800.0]), np.array([0.0, 1.0]))
    >>> float(loss), dz.tolist()
    (800.0, [0.5, -0.5])
"""
