"""# Why gradients vanish

A chain of L layers has one unit in each, and the same weight w everywhere. With the sigmoid s(z) = 1 / (1 + e**(-z)):

    a_l = s(w * a_(l-1))    for l = 1, ..., L, starting from the number a_0

In `vanishing_chain`, return the derivative of a_L with respect to a_0.

- `w` and `a0` are floats of either sign, and `L` is an int, 1 or more.
- Return a float. For large L it may be tiny; a relative error of 1e-6 is allowed.

In `vanishing_chain_why`, say why the derivative is so small for large L, and how small it is at least.

- `w` is a float with 0 < |w| < 4, and `L` an int: your function learns which when it is called.

Return a dict:

- `"choice"`: the letter of the statement that is right, a string:
    - a. The activations a_l tend to 0 as l grows: after many layers there is no signal left that could be changed.
    - b. Each layer contributes a factor of at most |w| / 4 in size, which is below 1: their product shrinks with every
      layer.
    - c. Each layer contributes a term of its own: the terms of different layers have different signs, and cancel.
    - d. Each slope is rounded to a float: exactly computed, the derivative would have the same size for every L.
- `"why"`: one to three sentences, a string, and in them a bound as a number of three digits: the size of the derivative with this
  `w` and `L` is not above it, for any a_0. Take the smallest bound that the largest slope of the sigmoid gives. At least 20
  characters; points are for the number, to 1 %, and from a person, who reads the words.

An f-string writes a number into a sentence: `{"choice": "x", "why": f"It is {bound:.3g} at most, because ..."}`.

On paper: for w = ln 9 and a_0 = 0, the first layer has z = 0 and a_1 = 1/2, so for L = 1 the derivative is (ln 9) / 4,
and the second layer has z = ln 3, where the slope of the sigmoid is 3/16.
"""

import numpy as np


def vanishing_chain(w: float, a0: float, L: int) -> float:
    """Return the derivative of a_L with respect to a_0."""
    raise NotImplementedError


def vanishing_chain_why(w: float, L: int) -> dict[str, str]:
    """Return the letter of the right statement, and the reason in words, with a bound for this w and L in them."""
    raise NotImplementedError
