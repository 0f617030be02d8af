"""# The Jacobian of a residual block

Very deep nets became possible with a short cut: a block adds its input to what its layers make of it. So x reaches y in two
ways, and the gradient has a way back which no dead unit and no small weight can close.

    z = W1 @ x + b1
    y = x + W2 @ relu(z)

Return the Jacobian of y with respect to x: entry (i, j) is the derivative of y[i] with respect to x[j].

- `W1` has shape (m, n), `b1` (m,), `W2` (n, m) and `x` (n,), all float64. As everywhere in this course, relu'(0) = 0.
- Return an array of shape (n, n), one row per output and one column per input.
- Leave your arguments as they were. One check has 20000 hidden units: a matrix of shape (m, m) does not fit into memory there.

On paper: with W1 = [[1, -1], [2, 1], [0, 1]], b1 = [1, -4, -2], W2 = [[2, 5, 1], [3, 7, -1]] and x = [1, 1], z is [1, -1, -1]:
unit 0 alone is active. Raise x[0] by 0.1: z[0] rises by 0.1, and 2 * 0.1 of that arrives at y[0], where another 0.1 comes
straight from x[0]. So y[0] grows by 0.3, and entry (0, 0) is 3.
"""

import numpy as np
from numpy.typing import NDArray


def residual_jacobian(
    W1: NDArray[np.float64], b1: NDArray[np.float64], W2: NDArray[np.float64], x: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the Jacobian of x + W2 @ relu(W1 @ x + b1) with respect to x, shape (n, n)."""
    ### BEGIN SOLUTION
    gate = W1 @ x + b1 > 0
    # The derivatives of the two ways are added: that of the short cut is the identity.
    return np.eye(len(x)) + W2 @ (gate[:, None] * W1)
    ### END SOLUTION
