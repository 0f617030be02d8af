"""# Does the ReLU solve vanishing gradients?

The study notes say so: the sigmoid's slope is almost 0 for high and low z, that of the ReLU only for low ones. Look what is
left of the claim in a chain of L layers with one unit in each, where every layer has a weight and a bias of its own:

    z_l = w_l * a_(l-1) + b_l,    a_l = relu(z_l)    for l = 1, ..., L, starting from the number a_0

In `relu_chain`, return the derivative of a_L with respect to a_0.

- `w` and `b` have shape (L,), and hold w_1 and b_1 first; they are float64, and `a0` is a float. relu'(0) = 0.
- Return a float. It may be tiny or huge; a relative error of 1e-6 is allowed.
- Leave your arguments as they were.

In `relu_chain_why`, say what is left of the claim. Return a dict:

- `"choice"`: the letter of the statement that is right, a string:
    - a. The ReLU solves the problem: the slope of an active unit is 1, so along active units the derivative keeps its size.
    - b. The ReLU changes nothing: it is as flat on one side as the sigmoid is, so that its slopes make the product shrink.
    - c. The ReLU removes one cause of several: a product along a deep chain may still become tiny, huge, or exactly 0.
    - d. The ReLU turns the problem round: its outputs have no upper bound, so gradients grow from layer to layer.
- `"why"`: one to three sentences, a string. At least 20 characters; a person reads it and gives the point for it.

On paper: with w = [2, 0.5, 3], b = [1, 0, -1] and a_0 = 1, the z are 3, 1.5 and 3.5. Raise a_0 by 0.1: z_1 rises by 0.2, z_2 by
0.1, and z_3 by 0.3, so that the derivative is 3. Now think of w = [0.5, 0.5, ...].
"""

import numpy as np
from numpy.typing import NDArray


def relu_chain(w: NDArray[np.float64], b: NDArray[np.float64], a0: float) -> float:
    """Return the derivative of a_L with respect to a_0."""
    raise NotImplementedError


def relu_chain_why() -> dict[str, str]:
    """Return the letter of the right statement, and the reason in words."""
    raise NotImplementedError
