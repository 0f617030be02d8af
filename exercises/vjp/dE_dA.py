"""# The gradient of a layer's weights

A batch X of N samples, one a row, goes through a layer without a bias, Y = X @ A. The rest of the net makes one number
of Y, the loss E, and has handed you dE/dY. Return dE/dA in closed form, without a tensor with four axes.

- `X` has shape (N, n), and `dEdY` has shape (N, m); A, which is not needed, has shape (n, m). All are floats, and N may
  be 1.
- Return an array of the shape of A, (n, m).
- One check has a layer with 100 inputs and 1200 outputs: such a tensor does not fit into memory there.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: A[0, 0] reaches E through Y[i, 0], to which it adds X[i, 0] * A[0, 0]. With X = [[1, 0], [2, 1], [0, 3]] and
dE/dY = [[1], [-1], [2]], the samples add 1 * 1 + 2 * (-1) + 0 * 2 to dE/dA[0, 0], which is -1.
"""

import numpy as np
from numpy.typing import NDArray


def dE_dA(X: NDArray[np.float64], dEdY: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return dE/dA for Y = X @ A, shape (n, m)."""
    raise NotImplementedError
