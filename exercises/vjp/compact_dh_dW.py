"""# The compact form of dh/dW

A layer computes h = x @ W. Most of the derivatives d h[i] / d W[j, k] are 0: each weight W[j, i] takes part in the one
output h[i]. The derivatives that are left fit into a matrix J of the shape of W. Return it.

- `x` has shape (D,) and holds floats; `H` is the number of outputs, so that W has shape (D, H) and h has shape (H,).
- Return a float array J of shape (D, H), with J[j, i] = d h[i] / d W[j, i].
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

J is handy, but it is not the Jacobian of h with respect to W: that has the shape (H, D, H), and J is its sum over the
axis of the output.

On paper: with x = [1, 2] and H = 3, h[2] = 1 * W[0, 2] + 2 * W[1, 2], so J[0, 2] = 1.
"""

import numpy as np
from numpy.typing import NDArray


def compact_dh_dW(x: NDArray[np.float64], H: int) -> NDArray[np.float64]:
    """Return J with J[j, i] = d h[i] / d W[j, i] for h = x @ W, shape (D, H)."""
    raise NotImplementedError
