"""Hidden checks for vanishing_chain(w, a0, L), the derivative of a_L with respect to a_0, and for the reason why it
vanishes."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader import check, derivative_of, misconception, oracle

from ..slips import sigmoid, slopes
from ..written import choice, form, has_words, is_complete, numbers, why

Chain = tuple[float, float, int]
Depth = tuple[float, int]
Answer = dict[str, Any]

VALUE, WHY = "vanishing_chain", "vanishing_chain_why"
"""The two functions that the exercise asks for."""

hints = [
    "What is the derivative of a_l with respect to a_(l-1), for one layer alone? The chain rule says what to do with those of "
    "all layers.",
    "One layer contributes the weight w times the slope of the sigmoid at its own pre-activation z = w * a_(l-1).",
    "Go forward through the layers with a loop: keep the current activation, and multiply a running product, which "
    "starts at 1, by the factor of each layer.",
]

rubric = (
    "Names the factor of one layer: the weight times the slope of the sigmoid.",
    "Says why it is below 1 in size: the slope is at most 1/4, and |w| is below 4.",
    "Says that the factors are multiplied, so that the product shrinks with every layer.",
)


def _depth(rng: np.random.Generator, L: int, sign: int = 1) -> Depth:
    """Draw a weight with one decimal, below 4 in size, for so many layers."""
    return sign * round(float(rng.uniform(0.8, 3.2)), 1), L


@check(points=0, public=True, function=VALUE)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Chain]:
    """gives the derivative for w = ln 9, a0 = 0 and one or two layers"""
    yield float(np.log(9)), 0.0, 1
    yield float(np.log(9)), 0.0, 2


@check(points=1, function=VALUE)
def one_layer(rng: np.random.Generator) -> Iterator[Chain]:
    """gives the derivative for a single layer, also where it saturates, and for a weight of any size"""
    yield rng.uniform(1.5, 3.0), rng.uniform(0.5, 1.5), 1
    yield -rng.uniform(1.5, 3.0), rng.uniform(0.5, 1.5), 1
    yield rng.uniform(5.0, 6.0), 2.0, 1
    yield -rng.uniform(8.0, 9.0), rng.uniform(2.5, 3.0), 1
    yield rng.uniform(800.0, 900.0), 0.0, 1
    yield 1e-9, -rng.uniform(2e8, 3e8), 1


@check(points=2, function=VALUE)
def several_layers(rng: np.random.Generator) -> Iterator[Chain]:
    """gives the derivative for several layers, with weights and inputs of either sign"""
    for sign_w, sign_a, L in [(1, 1, 2), (1, -1, 3), (-1, 1, 4), (-1, -1, 5)]:
        yield sign_w * rng.uniform(1.5, 3.5), sign_a * rng.uniform(0.5, 1.5), L
    yield rng.uniform(0.2, 0.6), rng.uniform(0.5, 1.5), 3


@check(points=2, function=VALUE)
def many_layers(rng: np.random.Generator) -> Iterator[Chain]:
    """gives the tiny derivative of a deep chain"""
    yield rng.uniform(1.5, 3.5), rng.uniform(0.5, 1.5), 20
    yield -rng.uniform(1.5, 3.5), rng.uniform(0.5, 1.5), 51
    yield rng.uniform(0.3, 0.7), -rng.uniform(0.5, 1.5), 100


@check(points=0, public=True, function=WHY, driver=form, judge=is_complete)
def the_form_that_is_asked(rng: np.random.Generator) -> Iterator[Depth]:
    """returns a dict with a letter and a text (which ones is not looked at here)"""
    yield _depth(rng, 5)


@check(points=1, function=WHY, driver=choice)
def right_statement(rng: np.random.Generator) -> Iterator[Depth]:
    """chooses the statement that says why the derivative vanishes"""
    yield _depth(rng, 7)
    yield _depth(rng, 4, -1)


def names_the_bound(returned: str, w: float, L: int) -> str | None:
    """Return None where one of a few numbers is the bound, to 1 %."""
    found = set(returned.split())
    if len(found) > 20:  # as many as three sentences may need, and no list of all that could be asked
        return f'"why" has {len(found)} different numbers in it, and at most twenty are read: say in one to three sentences which one is meant.'
    bound = (abs(w) / 4) ** L
    for word in found:
        try:
            near = abs(float(word) - bound) <= 1e-2 * bound
        except ValueError:  # no number: not from `numbers`, which runs beside the student's program
            continue
        if near:
            return None
    return 'No number in "why" is the bound for this w and L: what does one layer contribute at most, and what do L of them?'


@check(points=1, function=WHY, driver=numbers, judge=names_the_bound)
def bound_in_the_sentence(rng: np.random.Generator) -> Iterator[Depth]:
    """says how large the derivative is at most, to 1 %"""
    for sign, L in [(1, 2), (-1, 3), (1, 5), (-1, 7), (-1, 8)]:
        yield _depth(rng, L, sign)


@check(points=1, function=WHY, driver=why, judge=has_words, keep=True)
def reason_in_words(rng: np.random.Generator) -> Iterator[Depth]:
    """says why in a sentence, which a person reads"""
    yield _depth(rng, 6)


def _slope(z: float) -> float:
    return sigmoid(z) * (1 - sigmoid(z))


def _inputs(w: float, a0: float, L: int) -> list[float]:
    """Return the inputs a_0, ..., a_(L-1) of the L layers."""
    inputs = [a0]
    while len(inputs) < L:
        inputs.append(sigmoid(w * inputs[-1]))
    return inputs


@misconception(function=VALUE)
def weight_forgotten(w: float, a0: float, L: int) -> float:
    """Each layer contributes the weight w as well as the slope of the sigmoid: z = w * a has the derivative w with
    respect to a."""
    return float(np.prod([_slope(w * a) for a in _inputs(w, a0, L)]))


@misconception(function=VALUE)
def largest_slope_everywhere(w: float, a0: float, L: int) -> float:
    """(w/4)**L is only a bound, from the largest slope of the sigmoid: take the slope at the z of each layer."""
    return (w / 4) ** L


@misconception(function=VALUE)
def sum_of_the_factors(w: float, a0: float, L: int) -> float:
    """The chain rule multiplies the factors of the layers; you added them."""
    return np.sum([w * _slope(w * a) for a in _inputs(w, a0, L)])


@misconception(function=VALUE)
def slope_at_the_activation(w: float, a0: float, L: int) -> float:
    """The slope of the sigmoid is taken at its own input, z = w * a, not at a."""
    return float(np.prod([w * _slope(a) for a in _inputs(w, a0, L)]))


@misconception(function=VALUE)
def first_slope_for_every_layer(w: float, a0: float, L: int) -> float:
    """You took the slope of the first layer for all of them; each layer has another z."""
    return (w * _slope(w * a0)) ** L


def _answer(bound: float, choice: str = "b") -> Answer:
    """Return an answer that is right but for what is given."""
    return {"choice": choice, "why": f"The factors of all the layers are multiplied: {bound:.3g} at most."}


@misconception(function=VALUE)
def one_weight_only(w: float, a0: float, L: int) -> float:
    """Each layer has the factor w; yours has it once."""
    return float(w * np.prod([_slope(w * a) for a in _inputs(w, a0, L)]))


@misconception(function=VALUE)
def size_of_the_weight(w: float, a0: float, L: int) -> float:
    """The sign of w counts: a negative weight turns the direction in each layer."""
    return float(np.prod([abs(w) * _slope(w * a) for a in _inputs(w, a0, L)]))


@misconception(function=VALUE)
def one_layer_short(w: float, a0: float, L: int) -> float:
    """Count the layers: your product has one factor too few."""
    return float(np.prod([w * _slope(w * a) for a in _inputs(w, a0, L)][:-1]))


@misconception(function=VALUE)
def last_activation_itself(w: float, a0: float, L: int) -> float:
    """That is the activation of the last layer; asked is its derivative."""
    return float(sigmoid(w * _inputs(w, a0, L)[-1]))


@misconception(function=WHY)
def activations_tend_to_zero(w: float, L: int) -> Answer:
    """The activations do not tend to 0; what is small is how much one changes with the one before it."""
    return _answer((abs(w) / 4) ** L, "a")


@misconception(function=WHY)
def terms_cancel(w: float, L: int) -> Answer:
    """Layers one after the other contribute factors, not terms: nothing is added that could cancel."""
    return _answer((abs(w) / 4) ** L, "c")


@misconception(function=WHY)
def rounding_blamed(w: float, L: int) -> Answer:
    """Rounding is not the reason: the exact derivative is as small as the computed one."""
    return _answer((abs(w) / 4) ** L, "d")


@misconception(function=WHY)
def bound_without_the_weight(w: float, L: int) -> Answer:
    """Your bound is that of the slopes alone: each layer contributes its weight as well."""
    return _answer(0.25**L)


@misconception(function=WHY)
def bound_of_one_layer(w: float, L: int) -> Answer:
    """Your bound is that of a single layer; there are L of them, one after the other."""
    return _answer(abs(w) / 4)


@misconception(function=WHY)
def bounds_added(w: float, L: int) -> Answer:
    """You added the bounds of the layers: what is multiplied is bounded by a product."""
    return _answer(L * abs(w) / 4)


@misconception(function=WHY)
def bound_with_a_sign(w: float, L: int) -> Answer:
    """A bound of a size has no sign: with a negative weight and an odd number of layers yours is below 0."""
    return _answer((w / 4) ** L)


def _with_slope(slope: Callable[[float], float], w: float, a0: float, L: int) -> float:
    return float(np.prod([w * slope(w * a) for a in _inputs(w, a0, L)]))


wrong_slopes = slopes(_with_slope, function=VALUE, but=["largest_slope", "negative_slope"])


@oracle(function=VALUE)
def autograd(torch: Any, w: float, a0: float, L: int) -> Any:
    """PyTorch's derivative of the last activation with respect to the first."""

    def chain(a: Any) -> Any:
        for _ in range(int(L)):
            a = torch.sigmoid(w * a)
        return a

    return torch.autograd.functional.jacobian(chain, torch.as_tensor(a0, dtype=torch.float64))


@derivative_of("a0", function=VALUE)
def last_activation(w: float, a0: float, L: int) -> float:
    """Compute the activation of the last layer."""
    a = a0
    for _ in range(L):
        a = 1 / (1 + np.exp(-w * a))
    return a


derivation = """
Look at one layer. It computes z = w * a for the a before it, then s(z). Its derivative is the inner one times the outer one:

    da_l / da_(l-1) = w * s'(z_l)    with    z_l = w * a_(l-1)    and    s'(z_l) = a_l * (1 - a_l)

The layers are applied one after the other, so the chain rule multiplies their derivatives:

    da_L / da_0 = product over l = 1, ..., L of  w * a_l * (1 - a_l)

That is the loop. It starts with the derivative 1, goes one layer forward, and multiplies by the factor of this layer. Each
layer has another z and so another slope, and it has its own factor w: there are L of each. The slope comes from the output,
which is at hand.

Now the second question. The slope of the sigmoid is at most 1/4, so each factor is at most |w| / 4 in size. With |w| < 4 that
is below 1, and a product of L such factors is at most (|w| / 4)**L. That falls exponentially: statement (b). A good answer
names both parts, the bound for one layer and the product. (a) is wrong since the activations do not tend to 0: from
the second layer on z is above -4, and so every output above 0.01. (c) is wrong since the layers are composed, not added.
(d) is wrong since the exact product is just as small.

The usual mistake is to forget w: `derivative *= a * (1 - a)`. That is da_l / dz_l. The way from a_(l-1) to z_l has the slope
w, and it is a factor, too.

    >>> bool(abs(vanishing_chain(np.log(9), 0.0, 1) - np.log(9) / 4) < 1e-12)
    True
    >>> bool(0 < vanishing_chain(2.0, 0.5, 30) < 0.5**30)
    True
    >>> f"{0.5**30:.3g}" in vanishing_chain_why(2.0, 30)["why"]
    True
"""
