"""Hidden checks for jacobian_product_written(): a choice, and why, of what h.backward(ones) leaves in W.grad."""

from collections.abc import Iterator

import numpy as np

from grader import check, misconception

from ..written import choice, form, has_words, is_complete, why

Answer = dict[str, str]

hints = [
    "Compare shapes: what has the shape of W, and what has an axis for the outputs as well?",
    "backward starts from a number, or from a vector that makes one. What does its argument make of the vector h?",
    "The slices dh[0]/dW, dh[1]/dW and dh[2]/dW each have one column that is not 0. Add them up, weighted with what was"
    " handed to backward, and compare with W.grad.",
]

rubric = (
    "Tells W.grad from the Jacobian by how many numbers they hold: 6, and 18.",
    "Says what backward does with the ones: it adds the slices dh[i]/dW up, weighted with them.",
    "Says whose gradient this is: that of sum(h), and no loss has been mentioned.",
)


@check(points=0, public=True, driver=form, judge=is_complete)
def the_form_that_is_asked(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """returns a dict with a letter and a text (which ones is not looked at here)"""
    yield ()


@check(points=3, driver=choice)
def right_statement(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """chooses the statement that says what W.grad is"""
    yield ()


@check(points=1, driver=why, judge=has_words, keep=True)
def reason_in_words(rng: np.random.Generator) -> Iterator[tuple[()]]:
    """says why in a sentence, which a person reads"""
    yield ()


WHY = "W.grad has the shape of W, and here every one of its rows repeats an input"


@misconception
def the_jacobian() -> Answer:
    """The Jacobian of h with respect to W has the shape (3, 2, 3), 18 numbers; W.grad holds a weighted sum of its three
    slices."""
    return {"choice": "a", "why": WHY}


@misconception
def the_transpose() -> Answer:
    """A transpose only moves numbers to other places; 18 derivatives cannot fit into the 6 places of W.grad."""
    return {"choice": "b", "why": WHY}


@misconception
def gradient_of_the_loss() -> Answer:
    """No loss occurs in this code: with ones, backward gives the gradient of sum(h), and not of what is trained on."""
    return {"choice": "d", "why": WHY}


derivation = """
Count first. There are 3 outputs and 6 weights, so the Jacobian of h with respect to W has 3 * 6 = 18 entries. `W.grad` always
has the shape of W, and holds 6. So it is not the Jacobian, and not its transpose: a transpose moves numbers, it does not make
them fewer. (a) and (b) are out.

What does `backward(v)` do? It multiplies each slice of the Jacobian by v[i] and adds the slices up, over the outputs:

    W.grad[j, k] = sum over i of v[i] * d h[i] / d W[j, k] = v[k] * x[j]

With v = [1, 1, 1] this is x[j] in each column, [[1, 1, 1], [2, 2, 2]]: just what is shown. So (c) is right. It is also the
gradient of h[0] + h[1] + h[2], since each output has the factor 1. (d) is wrong because no loss and no target occur in this
code. In training the loss would be made of h, and v would be the gradient of that loss with respect to h.

A good answer in words gives the count, 18 against 6, and says that `backward` sums over the outputs with the weights v.

The usual mistake is (a). The matrix looks like the compact form of the Jacobian, because v is all ones and because most of
the 18 derivatives are 0. With another v it would not look so:

    >>> import numpy as np
    >>> np.outer([1, 2], [1, 1, 1]).tolist(), np.outer([1, 2], [1, 0, 5]).tolist()
    ([[1, 1, 1], [2, 2, 2]], [[1, 0, 5], [2, 0, 10]])
"""
