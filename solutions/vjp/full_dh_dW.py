"""# All the derivatives of a layer with respect to its weights

A layer without a bias computes h = x @ W, with one column of W for each output. Return the partial derivatives of all
outputs with respect to all weights: the Jacobian of h with respect to W, which is a tensor with three axes.

- `x` has shape (D,) and holds floats; `H` is the number of outputs, so that W has shape (D, H) and h has shape (H,).
  W itself is not needed.
- Return a float array T of shape (H, D, H), with T[i, j, k] = d h[i] / d W[j, k]: first the axis of the output, then
  the two axes of W.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with x = [1, 2] and H = 3 there are 18 derivatives. The first output is
h[0] = 1 * W[0, 0] + 2 * W[1, 0], so T[0, 1, 0] = 2.
"""

import numpy as np
from numpy.typing import NDArray


def full_dh_dW(x: NDArray[np.float64], H: int) -> NDArray[np.float64]:
    """Return the derivatives of h = x @ W with respect to W, shape (H, D, H)."""
    ### BEGIN SOLUTION
    # Output i reads column i of W alone, and there the weight of input j is multiplied by x[j].
    return np.einsum("j,ik->ijk", x, np.eye(H))
    ### END SOLUTION
