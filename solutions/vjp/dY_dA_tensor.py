"""# The derivative of a matrix by a matrix

A batch X of N rows goes through a layer without a bias, Y = X @ A. Return the derivative of every entry of Y with
respect to every entry of A: a tensor with four axes.

- `X` has shape (N, n) and holds floats; `m` is the number of outputs, so that A has shape (n, m) and Y (N, m). A itself
  is not needed.
- Return a float array T of shape (N, m, n, m), with T[i, j, k, l] = d Y[i, j] / d A[k, l]: first the two axes of the
  output, then the two axes of A.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with X = [[1, 2], [3, 4], [5, 6]] and m = 2, Y[2, 0] = 5 * A[0, 0] + 6 * A[1, 0], so T[2, 0, 1, 0] = 6.
"""

import numpy as np
from numpy.typing import NDArray


def dY_dA_tensor(X: NDArray[np.float64], m: int) -> NDArray[np.float64]:
    """Return the derivatives of Y = X @ A with respect to A, shape (N, m, n, m)."""
    ### BEGIN SOLUTION
    # Column j of Y reads column j of A alone, and there the weight of input k is multiplied by X[i, k].
    return np.einsum("ik,jl->ijkl", X, np.eye(m))
    ### END SOLUTION
