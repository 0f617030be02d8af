"""# The Jacobian of a layer with ReLU

A layer computes f(x) = relu(z) with the pre-activations z = W @ x + b. Return its Jacobian: entry (i, j) is the
derivative of output i with respect to x[j]. As everywhere in this course, relu'(0) = 0.

- `W` has shape (m, n), `b` (m,) and `x` (n,), all float64.
- Return an array of shape (m, n): one row per output, one column per input.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with W = [[3, -4], [1, 2]], b = [0.5, 0.5] and x = [1, 1], z is [-0.5, 3.5], and output 1 (counted from 0) has
the derivatives 1 and 2. The lecture's example has W = [[1, 2], [3, 4], [5, 6]], b = [0.1, -0.5, 0.3] and
x = [0.1, 0.1], and claims something about one of its rows: check that too.
"""

import numpy as np
from numpy.typing import NDArray


def relu_layer_jacobian(W: NDArray[np.float64], b: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Jacobian of relu(W @ x + b) with respect to x, shape (m, n)."""
    ### BEGIN SOLUTION
    z = W @ x + b
    # diag(z > 0) @ W keeps the rows of the active units and zeroes the others.
    return np.where(z[:, None] > 0, W, 0.0)
    ### END SOLUTION
