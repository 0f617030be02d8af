"""# The derivative of a layer with respect to its batch

A batch X of N rows goes through a layer without a bias, Y = X @ A. Return the derivative of every entry of Y with
respect to every entry of X: a tensor with four axes. It is what the backward pass never builds, and why it need not.

- `X` has shape (N, n) and `A` has shape (n, m), all float64; so Y has shape (N, m).
- Return an array T of shape (N, m, N, n), with T[i, j, k, l] = d Y[i, j] / d X[k, l]: first the two axes of the output,
  then the two axes of X.
- Leave your arguments as they were.

On paper: with X = [[1, 2], [3, 4]] and A = [[5, 6, 7], [8, 9, 10]], the entry Y[1, 0] is 3 * 5 + 4 * 8 = 47. Raise X[1, 1],
the 4, by 1, and Y[1, 0] grows by 8: so T[1, 0, 1, 1] = 8. Raise X[0, 1] by 1, and it does not grow at all.
"""

import numpy as np
from numpy.typing import NDArray


def dY_dX_tensor(X: NDArray[np.float64], A: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the derivatives of Y = X @ A with respect to X, shape (N, m, N, n)."""
    raise NotImplementedError
