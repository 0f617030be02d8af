"""# What saturation does to training

The sigmoid is s(z) = 1 / (1 + e**(-z)). Say how large its derivative ds/dz is at z = 10, which statement tells why this
harms training, and why, in your own words.

Return a dict with three entries:

- `"value"`: the derivative at z = 10, a float; a relative error of 1 % is allowed, so two right digits are enough.
- `"choice"`: the letter of the statement that is right, a string:
    - a. The sigmoid is close to 0 there: the unit sends almost nothing on, and the layers after it have nothing to
      learn from.
    - b. The sigmoid is close to 1 there: the largest output that it can have makes the gradients before the unit
      explode.
    - c. The derivative is close to 0 there: it is a factor of all that is passed back through the unit, and the weights
      before it hardly change.
    - d. The derivative is close to 0 there: the loss has a minimum in the weights of this unit, and training stops at
      it too early.
- `"why"`: one to three sentences, a string. A person reads it; the points for it here are for having written at least 20 characters.

The form of an answer: `{"value": 0.5, "choice": "x", "why": "Because ..."}`.

On paper: at z = 0 the sigmoid is 1/2 and its derivative is 1/4; at z = ln 3 they are 3/4 and 3/16.
"""


def sigmoid_saturation_written() -> dict[str, float | str]:
    """Return the derivative at z = 10, the letter of the right statement, and the reason in words."""
    ### BEGIN SOLUTION
    return {
        "value": 4.54e-5,
        "choice": "c",
        "why": (
            "The output is almost 1 there, but it hardly reacts to z: the derivative is about e**(-10). Every gradient "
            "that flows back through the unit is multiplied by it, so the weights before the unit get almost no "
            "gradient and the unit stops learning; over several saturated layers these small factors multiply."
        ),
    }
    ### END SOLUTION
