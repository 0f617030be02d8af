"""# The chain rule as a sum over two axes

A matrix Y of shape (N, m) depends on a matrix A of shape (n, m), and a number E, the loss, depends on Y. The chain rule
multiplies dE/dY by the tensor dY/dA, and sums over every entry of Y on the way: over two axes, where the product of two
matrices sums over one. Return dE/dA.

- `dEdY` has shape (N, m), and `dYdA` has shape (N, m, n, m) with dYdA[i, j] = d Y[i, j] / dA, all floats. The function
  from A to Y can be any: do not count on zeros in `dYdA`.
- Return an array of the shape of A, (n, m).
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: if dE/dY is 2 at Y[0, 1] and 0 elsewhere, dE/dA is 2 * dYdA[0, 1], twice a matrix of the shape of A.
"""

import numpy as np
from numpy.typing import NDArray


def tensor_contract(dEdY: NDArray[np.float64], dYdA: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return dE/dA, shape (n, m)."""
    raise NotImplementedError
