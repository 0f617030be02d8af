"""# The Jacobian of an element-wise ReLU

A layer applies relu(z) = max(z, 0) to each entry of a vector z. Return the whole Jacobian of this map: entry (i, j) is
the derivative of output i with respect to input j. As everywhere in this course, relu'(0) = 0.

- `z` is a float64 array of shape (n,); n may be 1.
- Return an array of shape (n, n): one row per output, one column per input.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: for z = [2, -1, 3, -0.5], output 2 (counted from 0) has the derivative 1 with respect to input 2 and 0 with
respect to the others.
"""

import numpy as np
from numpy.typing import NDArray


def relu_jacobian(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Jacobian of the element-wise ReLU at z, shape (n, n)."""
    ### BEGIN SOLUTION
    return np.diag(np.where(z > 0, 1.0, 0.0))
    ### END SOLUTION
