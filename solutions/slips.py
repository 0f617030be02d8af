"""Slips that exercises share: wrong slopes of the sigmoid, wrong masks of relu, wrong derivatives of a squared error, and wrong
shares of the mean and the variance in what comes back through a normalisation.

Each is a wrong formula, and its docstring is the feedback. A checks file imports a family and says how the formula
enters its answer: `wrong_slopes = slopes(with_slope)`, where `with_slope(slope, *inputs)` is the answer that somebody
gets who takes `slope(z)` for the derivative of the sigmoid at z.
"""

import functools
from collections.abc import Callable, Collection, Iterable
from typing import Any

import numpy as np

from grader import misconception
from grader.course.checks import Misconception

Slip = Callable[..., Any]
Answer = Callable[..., Any]


def sigmoid(z: Any) -> Any:
    """The sigmoid, element by element."""
    return 1 / (1 + np.exp(-z))


# --- Wrong slopes of the sigmoid, from its input z


def sigmoid_of_one_minus_z(z: Any) -> Any:
    """You wrote s(z)*s(1-z) for the slope of the sigmoid: the 1 belongs outside the sigmoid."""
    return sigmoid(z) * sigmoid(1 - z)


def takes_z_for_the_output(z: Any) -> Any:
    """z*(1-z) is only right for the sigmoid's output; here z is the pre-activation: apply the sigmoid first."""
    return z * (1 - z)


def one_minus_z(z: Any) -> Any:
    """The second factor of the sigmoid's slope must be 1-s(z), not 1-z: it is what the output lacks to 1."""
    return sigmoid(z) * (1 - z)


def double_sigmoid(z: Any) -> Any:
    """The sigmoid was applied twice: its output p is a sigmoid already, and its slope needs no further one."""
    return sigmoid(sigmoid(z)) * (1 - sigmoid(sigmoid(z)))


def sigmoid_of_one_minus_the_output(z: Any) -> Any:
    """In the slope of the sigmoid, 1 minus the output is a plain subtraction: do not wrap it in a sigmoid."""
    return sigmoid(z) * sigmoid(1 - sigmoid(z))


def missing_square(z: Any) -> Any:
    """That is 1-s(z), or exp(-z)/(1+exp(-z)), one factor of the slope alone: in the derivative the denominator is squared."""
    return np.exp(-z) / (1 + np.exp(-z))


def square_misplaced(z: Any) -> Any:
    """The square belongs on the whole denominator, not on the exponential in it."""
    return np.exp(-z) / (1 + np.exp(-z) ** 2)


def square_of_the_sigmoid(z: Any) -> Any:
    """1/(1+exp(-z))**2 is the outer derivative alone: what does the chain rule add for the denominator?"""
    return sigmoid(z) ** 2


def subtracted_factors(z: Any) -> Any:
    """The two factors of the sigmoid's slope are multiplied, not subtracted."""
    return sigmoid(z) - (1 - sigmoid(z))


def tanh_rule(z: Any) -> Any:
    """1-a**2 is the slope of tanh from its output; in that of the sigmoid, no output is squared alone."""
    return 1 - sigmoid(z) ** 2


def sigmoid_itself(z: Any) -> Any:
    """You took the sigmoid itself where its derivative is asked for."""
    return sigmoid(z)


def largest_slope(z: Any) -> Any:
    """1/4 is only the largest slope of the sigmoid, that at 0: take the slope at the z that there is."""
    return np.full_like(z, 0.25, dtype=np.float64)


def negative_slope(z: Any) -> Any:
    """The sigmoid is increasing, so its derivative cannot be negative: check the sign of the inner derivative."""
    return -sigmoid(z) * (1 - sigmoid(z))


SLOPES = (
    sigmoid_of_one_minus_z, takes_z_for_the_output, one_minus_z, double_sigmoid, sigmoid_of_one_minus_the_output,
    missing_square, square_misplaced, square_of_the_sigmoid, subtracted_factors, tanh_rule, sigmoid_itself,
    largest_slope, negative_slope,
)  # fmt: skip


# --- Wrong slopes of the sigmoid, from its output a


def sigmoid_again(a: Any) -> Any:
    """The sigmoid was applied twice: its output p is a sigmoid already, and its slope needs no further one."""
    return sigmoid(a) * (1 - sigmoid(a))


def sigmoid_of_one_minus_a(a: Any) -> Any:
    """In the slope of the sigmoid, 1 minus the output is a plain subtraction: do not wrap it in a sigmoid."""
    return a * sigmoid(1 - a)


def sigmoids_of_both(a: Any) -> Any:
    """You wrote s(a)*s(1-a): a is the sigmoid's output already, and no sigmoid is applied again to a or to 1-a."""
    return sigmoid(a) * sigmoid(1 - a)


def one_sigmoid_too_many(a: Any) -> Any:
    """One of the two factors of the slope has a sigmoid too many: a is the output already, and no sigmoid is left to do."""
    return sigmoid(a) * (1 - a)


def tanh_rule_of_the_output(a: Any) -> Any:
    """1-a**2 is the slope of tanh from its output; in that of the sigmoid, no output is squared alone."""
    return 1 - a**2


def lost_factor(a: Any) -> Any:
    """That is 1-s(z), or exp(-z)/(1+exp(-z)), one factor of the slope alone: in the derivative the denominator is squared."""
    return 1 - a


def output_itself(a: Any) -> Any:
    """You took the sigmoid itself where its derivative is asked for."""
    return a + 0.0


SLOPES_OF_THE_OUTPUT = (
    sigmoid_again, sigmoid_of_one_minus_a, sigmoids_of_both, one_sigmoid_too_many, tanh_rule_of_the_output, lost_factor,
    output_itself,
)  # fmt: skip


# --- Wrong masks of relu


def no_mask(z: Any) -> Any:
    """Inactive units must pass no gradient: where is the mask of the relu? (relu(z) >= 0 holds for every unit.)"""
    return np.ones_like(z, dtype=np.float64)


def open_at_the_kink(z: Any) -> Any:
    """At z = 0 this course takes the derivative of relu as 0, as PyTorch does: test z > 0."""
    return np.where(np.asarray(z) >= 0, 1.0, 0.0)


def activation_for_the_mask(z: Any) -> Any:
    """You took relu(z) itself for its derivative, which is 0 or 1."""
    return np.maximum(z, 0.0)


def sign_for_the_mask(z: Any) -> Any:
    """The slope of relu on the negative side is 0, not -1: relu is flat there."""
    return np.sign(z)


def leaky_mask(z: Any) -> Any:
    """That is the slope of the leaky ReLU; that of the plain ReLU is exactly 0 for z <= 0."""
    return np.where(np.asarray(z) > 0, 1.0, 0.01)


def inverted_mask(z: Any) -> Any:
    """Your mask lets the inactive units through, and blocks the active ones."""
    return np.where(np.asarray(z) > 0, 0.0, 1.0)


MASKS = (no_mask, open_at_the_kink, activation_for_the_mask, sign_for_the_mask, leaky_mask, inverted_mask)


# --- Wrong derivatives of (p - t)**2 with respect to p


def missing_two(p: Any, t: Any) -> Any:
    """The factor 2 of the square is missing (it would only cancel if the loss had a 1/2)."""
    return p - t


def sign_flipped(p: Any, t: Any) -> Any:
    """The sign is wrong: the loss grows with p where p is too large. (Of t - p, the inner derivative is -1.)"""
    return 2 * (t - p)


def loss_not_differentiated(p: Any, t: Any) -> Any:
    """That is the gradient of the output: the chain begins with the derivative of the loss with respect to it."""
    return np.ones_like(p + t, dtype=np.float64)


def loss_itself(p: Any, t: Any) -> Any:
    """You took the loss itself where its derivative is asked for."""
    return (p - t) ** 2


UPSTREAMS = (missing_two, sign_flipped, loss_not_differentiated, loss_itself)


# --- Wrong shares of mean and variance in the gradient of a normalisation, from the root and the count of what is normalised


def mean_and_variance_constant(root: Any, count: int) -> Any:
    """You took mean and variance for constants: move one of the numbers that are normalised together, and both of them move, and
    all of the outputs."""
    return 0.0, 0.0


def variance_constant(root: Any, count: int) -> Any:
    """The mean has its part in your dX, and the variance has none: it is made of the same numbers, and divides all of them."""
    return 1.0, 0.0


def mean_constant(root: Any, count: int) -> Any:
    """The variance has its part in your dX, and the mean has none: it is made of the same numbers, and is taken off all of
    them."""
    return 0.0, 1.0


def half_of_the_variance(root: Any, count: int) -> Any:
    """Your part of the variance is half of what it should be: is the 2 of the square there, which meets the 1/2 of the root?"""
    return 1.0, 0.5


def twice_the_variance(root: Any, count: int) -> Any:
    """Your part of the variance is twice what it should be: is the 1/2 of the root there, which meets the 2 of the square?"""
    return 1.0, 2.0


def parts_added(root: Any, count: int) -> Any:
    """You added the parts of the mean and the variance: what is taken off, and what divides, has a minus in its derivative."""
    return -1.0, -1.0


def mean_added(root: Any, count: int) -> Any:
    """You added the part of the mean: what is taken off has a minus in its derivative."""
    return -1.0, 1.0


def variance_added(root: Any, count: int) -> Any:
    """You added the part of the variance: what divides has a minus in its derivative."""
    return 1.0, -1.0


def sums_for_means(root: Any, count: int) -> Any:
    """You added up where a mean is left: each number is a small part of the mean and the variance only."""
    return count, count


def sum_for_the_mean(root: Any, count: int) -> Any:
    """In the part of the mean you added up and did not divide: each number is a small part of the mean only."""
    return count, 1.0


def sum_for_the_variance(root: Any, count: int) -> Any:
    """In the part of the variance you added up and did not divide: each number is a small part of the variance only."""
    return 1.0, count


def centred_for_normalised(root: Any, count: int) -> Any:
    """Your part of the variance is too large by var + eps: it is made of the normalised numbers, and not of those that are centred
    alone. (Or the root has a wrong power in the derivative with respect to var.)"""
    return 1.0, root**2


def centred_once(root: Any, count: int) -> Any:
    """Your part of the variance is too large by the root: of its two factors, one is centred and not yet divided."""
    return 1.0, root


SHARES = (
    mean_and_variance_constant, variance_constant, mean_constant, half_of_the_variance, twice_the_variance, parts_added,
    mean_added, variance_added, sums_for_means, sum_for_the_mean, sum_for_the_variance, centred_for_normalised, centred_once,
)  # fmt: skip


def _family(
    slips: Iterable[Slip],
    answer: Answer,
    *,
    function: str | None = None,
    but: Collection[str] = (),
    suffix: str = "",
) -> tuple[Misconception, ...]:
    """The misconceptions of `answer(slip, *inputs)` for each of the slips but some; a suffix tells two functions apart."""

    def declare(slip: Slip) -> Misconception:
        def wrong(*inputs: Any) -> Any:
            return answer(slip, *inputs)

        wrong.__name__, wrong.__doc__ = f"{slip.__name__}{suffix}", slip.__doc__
        return misconception(function=function)(wrong)

    return tuple(declare(slip) for slip in slips if slip.__name__ not in but)


slopes = functools.partial(_family, SLOPES)
slopes_of_the_output = functools.partial(_family, SLOPES_OF_THE_OUTPUT)
masks = functools.partial(_family, MASKS)
upstreams = functools.partial(_family, UPSTREAMS)
shares = functools.partial(_family, SHARES)
