"""Hidden checks for sigmoid_saturation_written(): the derivative at z = 10, a choice, and a reason in words."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from grader import check, misconception

from ..written import Written, choice, has_words, why

Answer = dict[str, Any]

hints = [
    "Look at the output and the derivative of the sigmoid apart from each other: as z grows, what does each tend to?",
    "With s = s(10), the derivative is s*(1-s). s is almost 1, and 1-s = 1/(1+e**10).",
    "A gradient that is passed back through the unit is multiplied by the derivative there. What is left of it?",
]


# The drivers and judges below travel as source: they may use their arguments, builtins and np alone.


def form(function: "Written") -> list[bool]:
    """Return what holds for the form of the answer, whatever it says."""
    answer = function()
    if not isinstance(answer, dict):
        answer = {}
    value, choice, why = answer.get("value"), answer.get("choice"), answer.get("why")
    return [
        {"value", "choice", "why"} <= set(answer),
        isinstance(value, (int, float, np.number, np.ndarray)) and np.shape(value) == () and not isinstance(value, bool),
        isinstance(choice, str) and choice.strip(" (").lower()[:1] in ("a", "b", "c", "d") and not choice.strip(" (")[1:2].isalnum(),
        isinstance(why, str),
    ]


def is_complete(returned: "list[bool]") -> str | None:
    """Return the first thing that the form of the answer lacks."""
    sentences = (
        'Return a dict with the three entries "value", "choice" and "why".',
        '"value" is not a number: write it as a float, without quotes.',
        '"choice" is not one of the letters a, b, c and d, in quotes.',
        '"why" is not a string: write your reason in quotes.',
    )
    return next((sentence for sentence, holds in zip(sentences, returned, strict=True) if not holds), None)


@check(points=0, public=True, driver=form, judge=is_complete)
def the_form_that_is_asked(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """returns a dict with a number, a letter and a text (which ones is not looked at here)"""
    yield ()


def value(function: "Written") -> Any:
    """Return the number to three digits: how it was rounded says nothing about how it was found."""
    returned = function()["value"]
    number = isinstance(returned, (int, float, np.number, np.ndarray)) and np.shape(returned) == ()
    return float(f"{float(returned):.2e}") if number else returned


def is_the_derivative(returned: float) -> str | None:
    """Return None for the derivative at z = 10, to 1 %."""
    e = np.exp(-10.0)
    if abs(returned - e / (1 + e) ** 2) <= 1e-2 * e / (1 + e) ** 2:
        return None
    return '"value" is not the derivative of the sigmoid at z = 10: work out s*(1-s) for s = s(10).'


@check(points=2, driver=value, judge=is_the_derivative)
def value_of_the_derivative(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """gives the derivative at z = 10 to 1 %"""
    yield ()


@check(points=1, driver=choice)
def right_statement(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """chooses the statement that says why this harms training"""
    yield ()


@check(points=1, driver=why, judge=has_words, keep=True)
def reason_in_words(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """says why in a sentence, which a person reads"""
    yield ()


_S = 1 / (1 + np.exp(-10.0))


def _answer(value: float = _S * (1 - _S), choice: str = "c") -> Answer:
    """Return an answer that is right but for what is given."""
    return {"value": value, "choice": choice, "why": "Gradients that pass through the unit are almost lost."}


@misconception
def output_close_to_zero() -> Answer:
    """The sigmoid is not 0 at large z, its output there is almost 1; what is almost 0 is its derivative."""
    return _answer(choice="a")


@misconception
def output_makes_gradients_explode() -> Answer:
    """Gradients are not multiplied by the sigmoid's output but by its derivative, which is never above 1/4."""
    return _answer(choice="b")


@misconception
def saturation_taken_for_a_minimum() -> Answer:
    """ds/dz is one factor of the loss's gradient: when it is almost 0, the loss can still be far from a minimum."""
    return _answer(choice="d")


@misconception
def output_instead_of_derivative() -> Answer:
    """Your value is the sigmoid's output at z = 10; asked is its derivative there."""
    return _answer(value=_S)


@misconception
def rounded_to_zero() -> Answer:
    """The derivative is tiny there, but not 0: give it with at least two right digits."""
    return _answer(value=0.0)


@misconception
def sigmoid_of_one_minus_z() -> Answer:
    """Your value is s(10)*s(1-10): the 1 belongs outside the sigmoid, as in s*(1-s)."""
    return _answer(value=_S / (1 + np.exp(9.0)))


derivation = """
The number first. The slope of the sigmoid is s * (1 - s), or with the exponential:

    s'(z) = e**(-z) / (1 + e**(-z))**2

At z = 10 the denominator is almost 1, so the slope is almost e**(-10), which is 4.54e-5. That is 5500 times less than at
z = 0, where it is 1/4.

What does this slope do? Call o the output of the unit, and L the loss. The chain rule gives for every weight w before it

    dL/dw = dL/do * s'(z) * dz/dw

The slope is a factor of all of them. So they are tiny, however large dL/do is. A step of gradient descent moves w by the
learning rate times this product: it hardly moves. The unit may be badly wrong, and still it learns almost nothing. So (c) is
right. (a) is wrong because the output is almost 1, not 0. (b) is wrong because a gradient is not multiplied by the output
but with the slope, and that is never above 1/4. (d) is wrong because a small factor is no minimum: the loss can be large
there.

A good answer in words says two things: that the slope is nearly 0 where the sigmoid is flat, and that it is a factor of what
is passed back. It may add that several such layers multiply their small factors.

The usual mistake is to think of the output: "the unit is off" or "the signal is too large". Saturation does not harm the way
forward. It harms the way back.

    >>> from math import exp
    >>> round(exp(-10) / (1 + exp(-10)) ** 2, 7)
    4.54e-05
"""
