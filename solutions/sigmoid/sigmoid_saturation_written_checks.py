"""Hidden checks for sigmoid_saturation_written(z): a choice, and a reason in words with the derivative at z in it."""

from collections.abc import Iterator

import numpy as np

from grader import check, misconception

from ..written import choice, form, has_words, is_complete, numbers, why

Answer = dict[str, str]

hints = [
    "Look at the output and the derivative of the sigmoid apart from each other: as z grows, what does each tend to?",
    "With s = s(z), the derivative is s*(1-s). At a large z, s is almost 1, and 1-s = 1/(1+e**z).",
    "A gradient that is passed back through the unit is multiplied by the derivative there. What is left of it?",
]

rubric = (
    "Says that the derivative is almost 0 there since the curve is flat, whatever the output is.",
    "Says that the derivative is a factor of what is passed back through the unit.",
    "Says what follows: the weights before the unit get almost no gradient, and hardly change.",
)

equivalent = {"flip sign: -z -> z": "the derivative is the same on both sides, and the output is not asked for"}


def _drawn(rng: np.random.Generator, low: float = 5.0, high: float = 15.0) -> float:
    """Draw a z with one decimal."""
    return round(float(rng.uniform(low, high)), 1)


@check(points=0, public=True, driver=form, judge=is_complete)
def the_form_that_is_asked(rng: np.random.Generator) -> Iterator[float]:
    """returns a dict with a letter and a text (which ones is not looked at here)"""
    yield _drawn(rng)


@check(points=1, driver=choice)
def right_statement(rng: np.random.Generator) -> Iterator[float]:
    """chooses the statement that says why this harms training"""
    yield 10.0
    yield _drawn(rng)


def names_the_derivative(returned: str, z: float) -> str | None:
    """Return None where one of a few numbers is the derivative at z, to 1 %."""
    found = set(returned.split())
    if len(found) > 20:  # as many as three sentences may need, and no list of all that could be asked
        return f'"why" has {len(found)} different numbers in it, and at most twenty are read: say in one to three sentences which one is meant.'
    e = np.exp(-z)
    slope = e / (1 + e) ** 2
    for word in found:
        try:
            near = abs(float(word) - slope) <= 1e-2 * slope
        except ValueError:  # no number: not from `numbers`, which runs beside the student's program
            continue
        if near:
            return None
    return 'No number in "why" is the derivative of the sigmoid at this z: work out s*(1-s) for s = s(z), and write it as Python does.'


@check(points=2, driver=numbers, judge=names_the_derivative)
def derivative_in_the_sentence(rng: np.random.Generator) -> Iterator[float]:
    """says how large the derivative is, to 1 %"""
    yield 10.0
    # So small that 1 - s is not the same to 1 %.
    yield _drawn(rng, 3.0, 4.0)
    yield _drawn(rng, 5.0, 8.0)
    yield _drawn(rng, 8.0, 12.0)
    yield _drawn(rng, 12.0, 15.0)


@check(points=1, driver=why, judge=has_words, keep=True)
def reason_in_words(rng: np.random.Generator) -> Iterator[float]:
    """says why in a sentence, which a person reads"""
    yield _drawn(rng)


def _sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z)))


def _answer(number: float, choice: str = "c") -> Answer:
    """Return an answer that is right but for what is given."""
    return {"choice": choice, "why": f"Gradients that pass through the unit are almost lost: {number:.3g} is left."}


def _slope(z: float) -> float:
    return _sigmoid(z) * (1 - _sigmoid(z))


@misconception
def output_close_to_zero(z: float) -> Answer:
    """The sigmoid is not 0 at large z, its output there is almost 1; what is almost 0 is its derivative."""
    return _answer(_slope(z), choice="a")


@misconception
def output_makes_gradients_explode(z: float) -> Answer:
    """Gradients are not multiplied by the sigmoid's output but by its derivative, which is never above 1/4."""
    return _answer(_slope(z), choice="b")


@misconception
def saturation_taken_for_a_minimum(z: float) -> Answer:
    """ds/dz is one factor of the loss's gradient: when it is almost 0, the loss can still be far from a minimum."""
    return _answer(_slope(z), choice="d")


@misconception
def output_instead_of_derivative(z: float) -> Answer:
    """Your number is the sigmoid's output at z; asked is its derivative there."""
    return _answer(_sigmoid(z))


@misconception
def rounded_to_zero(z: float) -> Answer:
    """The derivative is tiny there, but not 0: give it with three digits."""
    return _answer(0.0)


@misconception
def sigmoid_of_one_minus_z(z: float) -> Answer:
    """Your number is s(z)*s(1-z): the 1 belongs outside the sigmoid, as in s*(1-s)."""
    return _answer(_sigmoid(z) * _sigmoid(1 - z))


@misconception
def one_number_for_every_z(z: float) -> Answer:
    """Your number is the derivative at z = 10, whatever z is: compute it in the function, from the z that it is handed."""
    return _answer(_slope(10.0))


derivation = """
The number first, at z = 10. The slope of the sigmoid is s * (1 - s), or with the exponential:

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
    >>> "4.54e-05" in sigmoid_saturation_written(10.0)["why"]
    True
"""
