"""# An input that kills every unit

A layer computes relu(z) with the pre-activations z = W @ x + b. A unit is dead for an input x if its pre-activation is
not above 0. Construct one input for which every unit of the layer is dead, and every pre-activation below 0. What is the
Jacobian of the layer there?

- `W` has shape (m, n) and linearly independent rows (so m <= n); `b` has shape (m,).
- Return two values, x and J. x, of shape (n,), is the input. There are many right answers, and any of them is accepted.
- J, of shape (m, n), is the Jacobian of relu(W @ x + b) with respect to x, at your x: a row for each output, a column for
  each input.
- z must be below 0. A pre-activation of exactly 0 is dead as well, as relu'(0) = 0 in this course, but the least rounding
  of z makes it alive: it does not count here.

On paper: with W = [[1, 2], [3, -4]], b = [1, 1] and x = [1, 1], z is [4, 0]: unit 0 is alive, and unit 1 does
not count either.
"""

import numpy as np
from numpy.typing import NDArray


def dead_relu_input(
    W: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (x, J): an input x, shape (n,), with W @ x + b < 0 for every unit, and the Jacobian there, shape (m, n)."""
    raise NotImplementedError
