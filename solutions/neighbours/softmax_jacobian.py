"""# The Jacobian of the softmax

The softmax turns n logits z into n probabilities p, with p_i = e**z_i divided by the sum of all e**z_k. Return the
Jacobian of p with respect to z.

- `z` is an array of shape (n,), float64 or float32.
- Return an array of shape (n, n): entry (i, j) is the derivative of p_i with respect to z_j.
- The logits may be large, 1000 or -1000, where e**z is out of range although the probabilities are not:
  nothing may overflow on the way.
- Leave your arguments as they were.

On paper: z = [0, ln 3] has the probabilities [1/4, 3/4], and the derivative of p_0 with respect to z_0 is 3/16.
"""

import numpy as np
from numpy.typing import NDArray


def softmax_jacobian(z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return dp/dz, shape (n, n)."""
    ### BEGIN SOLUTION
    z = np.asarray(z, dtype=np.float64)
    # The largest exponent is 0: nothing overflows, and the sum is at least 1.
    weights = np.exp(z - np.max(z))
    p = weights / np.sum(weights)
    return np.diag(p) - np.outer(p, p)
    ### END SOLUTION
