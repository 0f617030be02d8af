"""Hidden checks for relu_chain(w, b, a0), the derivative of a_L with respect to a_0, and for what is left of a claim."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader import check, derivative_of, misconception, oracle

from ..slips import masks, sigmoid
from ..written import choice, form, has_words, is_complete, why

Array = NDArray[np.float64]
Chain = tuple[Array, Array, float]
Answer = dict[str, Any]

VALUE, WHY = "relu_chain", "relu_chain_why"
"""The two functions that the exercise asks for."""

hints = [
    "What is the derivative of a_l with respect to a_(l-1), for one layer alone? There are two cases.",
    "Go forward with a loop: keep the current activation, and a running product of the layers' factors, which starts at 1.",
    "For the choice: multiply twenty weights of 1/2, and twenty of 2. Which of the four statements allows for both, and for a"
    " silent unit?",
]

rubric = (
    "Says what the ReLU removes: along active units no slope takes anything away.",
    "Says that the weights are still multiplied, and may make the product tiny or huge.",
    "Says that a silent unit is a factor 0, and nothing is passed back through it.",
)


def _chain(rng: np.random.Generator, signs: list[int], silent: int | None = None, start: int = 1) -> Chain:
    """Draw a chain whose weights and input have the given signs, with one silent layer or none, and nothing near the kink.

    A bias decides about some layer, wherever a weight is negative or one is silent.
    """
    w = np.array(signs) * rng.uniform(0.6, 2.4, size=len(signs))
    a = a0 = start * float(rng.uniform(0.5, 1.5))
    b = np.empty_like(w)
    for layer, weight in enumerate(w):
        wanted = -rng.uniform(0.3, 0.8) if layer == silent else rng.uniform(1.2, 2.0)
        b[layer] = wanted - weight * a
        a = max(weight * a + b[layer], 0.0)
    return w, b, a0


@check(points=0, public=True, function=VALUE)
def example_on_paper(rng: np.random.Generator) -> Iterator[Chain]:
    """gives 3 for w = [2, 0.5, 3], b = [1, 0, -1] and a_0 = 1"""
    yield np.array([2.0, 0.5, 3.0]), np.array([1.0, 0.0, -1.0]), 1.0


@check(points=2, function=VALUE)
def active_chains(rng: np.random.Generator) -> Iterator[Chain]:
    """gives the derivative along active units, for weights and inputs of either sign"""
    yield _chain(rng, [1])
    yield _chain(rng, [1, -1])
    yield _chain(rng, [-1, 1, -1])
    yield _chain(rng, [-1, -1, 1, -1, 1])
    yield _chain(rng, [1, 1, 1], start=-1)
    yield _chain(rng, [-1, 1, 1, 1], start=-1)
    # Units that are barely active are active: no tolerance is asked.
    w, b, a0 = _chain(rng, [-1, 1, -1])
    yield w, 2.0**-50 * b, 2.0**-50 * a0
    # Activations below 1: z is 0.6, and then 0.3.
    yield np.array([0.5, -2.0, 1.5]), np.array([0.1, 1.5, 0.0]), 1.0


@check(points=1, function=VALUE)
def silent_units(rng: np.random.Generator) -> Iterator[Chain]:
    """is right where a unit of the chain is silent, be it the first, the last or one between, or at exactly 0"""
    yield _chain(rng, [1, -1, 1], silent=1)
    yield _chain(rng, [1, 1, -1, 1], silent=0)
    yield _chain(rng, [-1, 1, 1], silent=2)
    for silent in (1, 2):
        yield _chain(rng, [-1, 1, 1], silent, start=-1)
        yield _chain(rng, [1, 1, 1], silent, start=-1)
    yield _chain(rng, [1], silent=0)
    yield _chain(rng, [-1], silent=0)
    # Small numbers: z = 2 and then 0 exactly, or 0 at once.
    yield np.array([2.0, -1.5, 3.0]), np.array([0.0, 3.0, 1.0]), 1.0
    yield np.array([1.5, 2.0]), np.array([-3.0, 1.0]), 2.0


@check(points=1, readonly=True, function=VALUE)
def deep_chains(rng: np.random.Generator) -> Iterator[Chain]:
    """gives the tiny and the huge derivatives of deep chains, and does not write into its arguments"""
    # Not so deep that a wrong product leaves the range of float32.
    yield rng.uniform(0.4, 0.6, size=20), np.full(20, 0.5), 1.0
    yield rng.uniform(20.0, 40.0, size=5), np.full(5, 0.25), 1.0
    yield _chain(rng, [1, -1] * 8)
    yield 1e-6 * rng.uniform(0.6, 2.4, size=4), np.full(4, 0.5), 2.0
    yield np.array([300.0, -200.0, 2.0]), np.array([0.0, 100.0 + 6e4, -150.0]), 1.0


@check(points=0, public=True, function=WHY, driver=form, judge=is_complete)
def the_form_that_is_asked(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """returns a dict with a letter and a text (which ones is not looked at here)"""
    yield ()


@check(points=1, function=WHY, driver=choice)
def right_statement(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """chooses the statement that says what is left of the claim"""
    yield ()


@check(points=1, function=WHY, driver=why, judge=has_words, keep=True)
def reason_in_words(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """says why in a sentence, which a person reads"""
    yield ()


def _forward(w: Array, b: Array, a0: float) -> Array:
    """Return the pre-activations of the layers."""
    found, a = [], a0
    for weight, bias in zip(w, b, strict=True):
        found.append(weight * a + bias)
        a = max(found[-1], 0.0)
    return np.array(found)


def _factors(w: Array, b: Array, a0: float) -> Array:
    return np.where(_forward(w, b, a0) > 0, w, 0.0)


@misconception(function=VALUE)
def weights_forgotten(w: Array, b: Array, a0: float) -> float:
    """A slope of 1 is not all: each layer multiplies by its weight as well."""
    return float((_forward(w, b, a0) > 0).all())


@misconception(function=VALUE)
def stopped_at_the_silent_unit(w: Array, b: Array, a0: float) -> float:
    """You left a silent unit out of the product: it has a slope, too, and what arrives behind it depends on that."""
    return float(np.prod(np.where(_forward(w, b, a0) > 0, w, 1.0)))


@misconception(function=VALUE)
def sum_of_the_factors(w: Array, b: Array, a0: float) -> float:
    """The chain rule multiplies the factors of the layers; you added them."""
    return float(_factors(w, b, a0).sum())


@misconception(function=VALUE)
def biases_ignored(w: Array, b: Array, a0: float) -> float:
    """A bias has no part in the product, but it decides, with the weight, whether a unit is active."""
    return float(np.prod(_factors(w, np.zeros_like(b), a0)))


@misconception(function=VALUE)
def gate_from_the_weight(w: Array, b: Array, a0: float) -> float:
    """A negative weight does not silence a unit by itself: the sign of the whole z decides."""
    return float(np.prod(np.maximum(w, 0.0)))


@misconception(function=VALUE)
def every_gate_at_the_input(w: Array, b: Array, a0: float) -> float:
    """Each layer sees the activation of the one before it: you computed every z from a_0."""
    return float(np.prod(np.where(w * a0 + b > 0, w, 0.0)))


@misconception(function=VALUE)
def last_layer_first(w: Array, b: Array, a0: float) -> float:
    """You went forward from the last layer to the first: a_0 meets w[0] and b[0], which belong to layer 1."""
    return float(np.prod(_factors(w[::-1], b[::-1], a0)))


@misconception(function=VALUE)
def sizes_of_the_weights(w: Array, b: Array, a0: float) -> float:
    """The signs of the weights count: a negative one turns the direction."""
    return float(np.prod(np.abs(_factors(w, b, a0))))


@misconception(function=VALUE)
def last_activation_itself(w: Array, b: Array, a0: float) -> float:
    """That is the activation of the last layer; asked is its derivative."""
    return float(max(_forward(w, b, a0)[-1], 0.0))


@misconception(function=VALUE)
def one_layer_short(w: Array, b: Array, a0: float) -> float:
    """Count the layers: your product has one factor too few."""
    return float(np.prod(_factors(w, b, a0)[:-1]))


@misconception(function=VALUE)
def slopes_of_the_sigmoid(w: Array, b: Array, a0: float) -> float:
    """You took the slopes of the sigmoid: those of the ReLU are 0 or 1."""
    z = _forward(w, b, a0)
    return float(np.prod(w * sigmoid(z) * (1 - sigmoid(z))))


def _with_mask(mask: Callable[[Array], Array], w: Array, b: Array, a0: float) -> float:
    return float(np.prod(w * mask(_forward(w, b, a0))))


# A product is open at the kink wherever it has no mask at all, and so the two cannot be told apart.
wrong_masks = masks(_with_mask, function=VALUE, but=["open_at_the_kink"])


def _answer(choice: str) -> Answer:
    """Return an answer with a reason and a choice."""
    return {"choice": choice, "why": "The factors of all the layers are multiplied."}


@misconception(function=WHY)
def solved_by_the_slope() -> Answer:
    """The slope is one factor of each layer. What of the others, and of a unit that is not active?"""
    return _answer("a")


@misconception(function=WHY)
def nothing_changed() -> Answer:
    """It is a change: along active units the slope takes nothing away, where that of the sigmoid takes three quarters."""
    return _answer("b")


@misconception(function=WHY)
def always_exploding() -> Answer:
    """The size of an output is not that of a derivative: with weights below 1, nothing grows from layer to layer."""
    return _answer("d")


@oracle(function=VALUE)
def autograd(torch: Any, w: Any, b: Any, a0: float) -> Any:
    """PyTorch's derivative of the last activation with respect to the first."""

    def chain(a: Any) -> Any:
        for weight, bias in zip(w, b, strict=True):
            a = torch.relu(weight * a + bias)
        return a

    return torch.autograd.functional.jacobian(chain, torch.as_tensor(a0, dtype=torch.float64))


@derivative_of("a0", function=VALUE)
def last_activation(w: Array, b: Array, a0: float) -> float:
    """Compute the activation of the last layer."""
    a = a0
    for weight, bias in zip(w, b, strict=True):
        a = np.maximum(weight * a + bias, 0.0)
    return a


derivation = """
Take one layer first. Its input a_(l-1) is a number, and so is its output:

    d a_l / d a_(l-1) = relu'(z_l) * w_l      which is w_l where z_l > 0, and 0 elsewhere

The layers are put one into the other, so the chain rule multiplies, one factor for each layer:

    d a_L / d a_0 = the product over l of relu'(z_l) * w_l

Each gate depends on its own z_l, which is made of the activation before it, with the bias. So the forward pass goes along: the
loop holds two numbers, the activation and the derivative so far. No bias is a factor, but each of them helps to decide about a
gate.

Now the claim. The slope of the sigmoid is 1/4 at most, so L of them leave 4**-L or less. Along active units the slopes of the
ReLU are 1, and this cause is gone. What stays is the product of the weights, which is tiny if most of them are below 1 in
size, and huge if most are above. And one silent unit is a factor 0: with it the whole product is exactly 0, and not small. One
cause of several is removed, statement c. Weights that begin with the right size, and short cuts, are made for the others.

The usual mistake is to leave the weights out, since "the slope is 1". The second one is to take the sign of the weight for the
gate: where the activation is 0, or the bias is large, z has another sign than the weight.

    >>> float(relu_chain(np.array([2.0, 0.5, 3.0]), np.array([1.0, 0.0, -1.0]), 1.0))
    3.0
    >>> [float(relu_chain(np.full(20, w), np.zeros(20), 1.0)) for w in (0.5, 1.0, 2.0)]
    [9.5367431640625e-07, 1.0, 1048576.0]
    >>> float(relu_chain(np.array([-2.0, -3.0, 5.0]), np.array([3.0, 4.0, -9.0]), 1.0))
    0.0
"""
