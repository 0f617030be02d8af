"""# The gradients of a small network

A linear layer, a weighted sum and a sigmoid make a network with one output:

    h = x @ W                    shape (H,)
    o = h @ v                    one number
    f = 1 / (1 + exp(-o))        one number

Return the gradients of f with respect to W and v.

- `x` has shape (D,), `W` (D, H) and `v` (H,), all float64.
- Return a tuple (dW, dv): dW has the shape of W, and dv that of v.
- A product of x (D entries) and v (H entries) that has the shape of W is not an entry-by-entry product: say to
  yourself which entry of W meets which entry of x and of v.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: at o = 0, the sigmoid is 1/2 and its slope is 1/4; with h = [2, -1], dv is [0.5, -0.25].
"""

import numpy as np
from numpy.typing import NDArray


def sigmoid_linear_grads(
    x: NDArray[np.float64], W: NDArray[np.float64], v: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (dW, dv), the gradients of f = sigmoid(x @ W @ v)."""
    ### BEGIN SOLUTION
    h = x @ W
    f = float(1 / (1 + np.exp(-float(h @ v))))
    slope = f * (1 - f)
    # W[j, k] takes part in h[k] alone, with the factor x[j]; h[k] takes part in o with the factor v[k].
    return slope * np.outer(x, v), slope * h
    ### END SOLUTION
