"""# An input that kills every unit

A layer computes relu(z) with the pre-activations z = W @ x + b. A unit is dead for an input x if its pre-activation is
not above 0: then it outputs 0 and passes no gradient back. Construct one input for which every unit of the layer is dead,
and every pre-activation below 0.

- `W` has shape (m, n) and linearly independent rows (so m <= n); `b` has shape (m,).
- Return x, an array of shape (n,). There are many right answers, and any of them is accepted.
- z must be below 0. A pre-activation of exactly 0 is dead as well, as relu'(0) = 0 in this course, but the least rounding
  of z makes it alive: it does not count here.

On paper: with W = [[1, 2], [3, -4]], b = [1, 1] and x = [1, 1], z is [4, 0]: unit 0 is alive, and unit 1 does
not count either.
"""

import numpy as np
from numpy.typing import NDArray


def dead_relu_input(W: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an input x, shape (n,), with W @ x + b < 0 for every unit."""
    ### BEGIN SOLUTION
    # The rows of W are independent, so W x = -b - 1 has a solution: every pre-activation becomes -1.
    return np.linalg.lstsq(W, -b - 1.0)[0].astype(np.float64)
    ### END SOLUTION
