"""# What saturation does to training

The sigmoid is s(z) = 1 / (1 + e**(-z)). Far from 0 it is flat: it saturates. Say how large its derivative ds/dz is at such a z,
which statement tells why this harms training, and why, in your own words.

- `z` is a float from 3 to 15. Which one it is your function learns when it is called.

Return a dict:

- `"choice"`: the letter of the statement that is right, a string:
    - a. The sigmoid is close to 0 there: the unit sends almost nothing on, and the layers after it have nothing to
      learn from.
    - b. The sigmoid is close to 1 there: the largest output that it can have makes the gradients before the unit
      explode.
    - c. The derivative is close to 0 there: it is a factor of all that is passed back through the unit, and the weights
      before it hardly change.
    - d. The derivative is close to 0 there: the loss has a minimum in the weights of this unit, and training stops at
      it too early.
- `"why"`: one to three sentences, a string, and in them the derivative at `z` as a number of three digits. At
  least 20 characters; points are for the number, to 1 %, and from a person, who reads it.

An f-string writes a number into a sentence. The form of an answer: `{"choice": "x", "why": f"It is {slope:.3g}, because ..."}`.

On paper: at z = 0 the sigmoid is 1/2 and its derivative is 1/4; at z = ln 3 they are 3/4 and 3/16.
"""

import math


def sigmoid_saturation_written(z: float) -> dict[str, str]:
    """Return the letter of the right statement, and the reason in words, with the derivative at z in them."""
    ### BEGIN SOLUTION
    s = 1 / (1 + math.exp(-z))
    slope = s * (1 - s)
    return {
        "choice": "c",
        "why": (
            f"The output is almost 1 there, but it hardly reacts to z: the derivative is only {slope:.3g}. Every gradient "
            "that flows back through the unit is multiplied by it, so the weights before the unit get almost no "
            "gradient and the unit stops learning; over several saturated layers these small factors multiply."
        ),
    }
    ### END SOLUTION
