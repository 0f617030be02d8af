"""Hidden checks for fixed_point_grad(w, c): the a for which a = s(w * a + c), and how it changes with w and with c."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader import check, derivative_of, misconception, oracle

from ..slips import sigmoid, slopes

Point = tuple[float, float]
Result = tuple[float, float, float]

hints = [
    "Repeat a = s(w * a + c) a few hundred times (its last digit may change for ever). Then differentiate both sides of"
    " the equation with respect to c: on the right, c stands there itself, and it is in a, too.",
    "The derivative of a is now on both sides. It is a number that you do not know yet: solve the equation for it.",
    "For w the same, but the derivative of w * a has two terms. How do the two answers differ?",
]


@check(parts={"a": 0, "da_dw": 0, "da_dc": 0}, public=True)
def examples_on_paper(rng: np.random.Generator) -> Iterator[Point]:
    """gives (1/2, 1/4, 1/2) for w = 2 and c = -1, and the right numbers for w = -2 and c = 1, where a is 1/2, too"""
    yield 2.0, -1.0
    yield -2.0, 1.0


@check(parts={"a": 1, "da_dw": 2, "da_dc": 1})
def any_numbers(rng: np.random.Generator) -> Iterator[Point]:
    """gives the solution and both derivatives for moderate w and c of either sign, and for w = 0"""
    for sign in (1.0, -1.0):
        yield sign * rng.uniform(0.8, 2.2), rng.uniform(0.3, 1.5)
        yield sign * rng.uniform(0.8, 2.2), -rng.uniform(0.3, 1.5)
    yield 0.0, rng.uniform(0.5, 1.5)


@check(parts={"a": 0.5, "da_dw": 1, "da_dc": 0.5})
def slow_to_settle(rng: np.random.Generator) -> Iterator[Point]:
    """gives them where it takes many repetitions, since most of a change comes back"""
    yield 3.0, -1.5 + rng.uniform(0.05, 0.1)
    # From a = 1/2 it takes longest here: after forty repetitions da_dw is still off by 1.5e-6 of it.
    yield 3.0, -1.5725
    yield 2.9, -1.45 - rng.uniform(0.05, 0.1)
    yield -3.0, 1.5 + rng.uniform(0.2, 0.4)
    yield -3.0, 1.5 - rng.uniform(0.2, 0.4)


@check(parts={"a": 0.5, "da_dw": 1, "da_dc": 0.5}, float64_only=True)
def saturated(rng: np.random.Generator) -> Iterator[Point]:
    """gives them where the sigmoid is nearly flat, however small they are"""
    for c in (-rng.uniform(11.0, 13.0), -rng.uniform(30.0, 40.0), rng.uniform(9.0, 11.0), 15.0):
        yield rng.uniform(1.0, 3.0), c
        yield -rng.uniform(1.0, 3.0), c


def _solved(w: Any, c: Any, times: int = 300) -> Any:
    """Return what the repetitions settle at, for complex numbers too."""
    a = 0.5
    for _ in range(times):
        a = 1 / (1 + np.exp(-(w * a + c)))
    return a


def _pieces(w: float, c: float) -> tuple[float, float]:
    """Return the solution and the slope of the sigmoid there."""
    a = _solved(w, c)
    e = np.exp(-np.abs(w * a + c))
    return a, e / (1 + e) ** 2


def _right(w: float, c: float) -> Result:
    a, slope = _pieces(w, c)
    return a, slope * a / (1 - slope * w), slope / (1 - slope * w)


@misconception
def direct_terms_alone(w: float, c: float) -> Result:
    """You differentiated as if the a on the right were a constant: it changes with w and c as well, and that comes back."""
    a, slope = _pieces(w, c)
    return a, slope * a, slope


@misconception
def one_round_alone(w: float, c: float) -> Result:
    """You followed a change once around, and then stopped: it goes around again and again, and all that adds up."""
    a, slope = _pieces(w, c)
    once = slope * (1 + slope * w)
    return a, once * a, once


@misconception
def plus_for_minus(w: float, c: float) -> Result:
    """Your derivatives are too small for w > 0, where what comes back makes a change larger: mind the sign when you bring it to
    the other side."""
    a, slope = _pieces(w, c)
    gain = slope / (1 + slope * w)
    return a, gain * a, gain


@misconception
def multiplied(w: float, c: float) -> Result:
    """You multiplied where the equation for the derivative asks for a division."""
    a, slope = _pieces(w, c)
    gain = slope * (1 - slope * w)
    return a, gain * a, gain


@misconception
def slope_lost_on_the_way_back(w: float, c: float) -> Result:
    """What comes back passes w AND the sigmoid: there its slope is missing."""
    a, slope = _pieces(w, c)
    gain = slope / (1 - w) if w != 1 else np.inf
    return a, gain * a, gain


@misconception
def w_lost_on_the_way_back(w: float, c: float) -> Result:
    """What comes back is multiplied by w on its way: where is it?"""
    a, slope = _pieces(w, c)
    gain = slope / (1 - slope)
    return a, gain * a, gain


@misconception
def a_for_w_on_the_way_back(w: float, c: float) -> Result:
    """What comes back is multiplied by w on its way, and not by a: how does w * a change when a does?"""
    a, slope = _pieces(w, c)
    gain = slope / (1 - slope * a)
    return a, gain * a, gain


@misconception
def slope_lost_in_front(w: float, c: float) -> Result:
    """A change of w or c passes the sigmoid before it is in a: its slope is missing above the fraction line."""
    a, slope = _pieces(w, c)
    gain = 1 / (1 - slope * w)
    return a, gain * a, gain


@misconception
def swapped(w: float, c: float) -> Result:
    """The two derivatives are in each other's place: a, then that with respect to w, then that with respect to c."""
    a, da_dw, da_dc = _right(w, c)
    return a, da_dc, da_dw


@misconception
def w_for_a(w: float, c: float) -> Result:
    """The derivative of w * a with respect to w has a in it, and not w."""
    a, _, da_dc = _right(w, c)
    return a, da_dc * w, da_dc


@misconception
def same_for_both(w: float, c: float) -> Result:
    """A change of w moves z by less than the same change of c does, for w is multiplied by a."""
    a, _, da_dc = _right(w, c)
    return a, da_dc, da_dc


@misconception
def nothing_handed_back(w: float, c: float) -> Result:
    """Your a is s(c), as if the output were not handed back at all: repeat until a solves the equation."""
    a = sigmoid(c)
    slope = a * sigmoid(-c)
    return a, slope * a / (1 - slope * w), slope / (1 - slope * w)


@misconception
def handed_back_as_1(w: float, c: float) -> Result:
    """You took the sigmoid of w + c: its input is w * a + c, with the a that comes out."""
    slope = sigmoid(w + c) * sigmoid(-w - c)
    return sigmoid(w + c), slope, slope


@misconception
def without_the_sigmoid(w: float, c: float) -> Result:
    """You solved a = w * a + c, in which the sigmoid is missing."""
    gain = 1 / (1 - w) if w != 1 else np.inf
    return gain * c, gain**2 * c, gain


def _with_slope(slope: Callable[[Any], Any], w: float, c: float) -> Result:
    a = _solved(w, c)
    gain = slope(w * a + c) / (1 - slope(w * a + c) * w)
    return a, gain * a, gain


wrong_slopes = slopes(_with_slope)

equivalent = {
    "change constant: 0.0 -> 1.0": "the repetitions settle at the same number, wherever they begin",
    "change constant: range(200) -> range(201)": "they have settled long before",
    "clip: a -> np.clip(a, -100, 100)": "a is below 1",
    "clip: gain * a -> np.clip(gain * a, -100, 100)": "with |w| <= 3 no derivative is above 1",
    "clip: gain -> np.clip(gain, -100, 100)": "with |w| <= 3 no derivative is above 1",
}


@oracle
def autograd(torch: Any, w: float, c: float) -> Any:
    """PyTorch's gradients back through all repetitions."""
    w, c = (torch.tensor(each, dtype=torch.float64, requires_grad=True) for each in (w, c))
    a = torch.tensor(0.5, dtype=torch.float64)
    for _ in range(300):
        a = torch.sigmoid(w * a + c)
    return a.detach(), *torch.autograd.grad(a, (w, c))


a_by_w = derivative_of("w", part="da_dw")(_solved)
a_by_c = derivative_of("c", part="da_dc")(_solved)


derivation = """
a is a function of w and c. Nobody has written it down, but whatever it is, the equation holds for all w and c:

    a(w, c) = s(w * a(w, c) + c)

So the derivatives of both sides are equal, too. With z = w * a + c, and s' for the slope at z:

    da/dc = s' * (1 + w * da/dc)          c itself, and a by way of w
    da/dw = s' * (a + w * da/dw)          the product rule: w changes, and a

In each line the derivative stands on both sides. Bring it to the left, and divide:

    da/dc = s' / (1 - s' * w)             da/dw = s' * a / (1 - s' * w)

The fraction is the sum of the rounds: s' * (1 + s' * w + (s' * w)**2 + ...). Going back through all repetitions, as autograd
would, adds these terms one by one. Here one division does it, and no repetition has to be kept. The slope is a * (1 - a), as a is
the output of the sigmoid. In a layer with many outputs, s' * w becomes a matrix, and the division a system of linear equations.

The usual mistake is to take the a on the right for a constant. That leaves da/dc = s', the first term alone. It shows by how far a
moves when c does:

    >>> a, da_dw, da_dc = fixed_point_grad(2.0, -1.0)
    >>> [round(float(each), 12) for each in (a, da_dw, da_dc, a * (1 - a))]
    [0.5, 0.25, 0.5, 0.25]
    >>> round(float(fixed_point_grad(2.0, -0.98)[0] - a), 3)
    0.01
"""
