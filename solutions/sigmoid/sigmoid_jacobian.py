"""# The Jacobian of an element-wise sigmoid

A layer applies the sigmoid s(z) = 1 / (1 + e**(-z)) to each entry of a vector z. Return the whole Jacobian of this map:
entry (i, j) is the derivative of output i with respect to input j.

- `z` is a float64 array of shape (n,); n may be 1.
- Return an array of shape (n, n): one row per output, one column per input.
- Where the sigmoid saturates the derivatives are tiny but not 0, and your answer must say how tiny: a relative error of
  1e-6 is allowed, for entries of z between -40 and 20.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: for z = [0, ln 3], output 0 has the derivative 1/4 with respect to input 0, and output 1 the derivative 3/16
with respect to input 1.
"""

import numpy as np
from numpy.typing import NDArray


def sigmoid_jacobian(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the Jacobian of the element-wise sigmoid at z, shape (n, n)."""
    ### BEGIN SOLUTION
    # s(-z) is 1 - s(z), but without the cancellation where s(z) is close to 1.
    s, complement = 1 / (1 + np.exp(-z)), 1 / (1 + np.exp(z))
    return np.diag(s * complement)
    ### END SOLUTION
