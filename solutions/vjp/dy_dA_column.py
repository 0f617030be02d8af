"""# The derivative of a column layer with respect to its matrix

The handwritten lecture has the layer the other way round: x is a column, and y = A @ x. The same derivatives are in another
place then, and a tensor that was copied from the row form x @ W is wrong. Return the derivative of every entry of y
with respect to every entry of A.

- `x` has shape (n,) and is float64; `m` is the number of outputs, so that A has shape (m, n) and y (m,). A itself is not
  needed.
- Return an array T with three axes, T[i, j, k] = d y[i] / d A[j, k]: first the axis of the output, then those of A, as A lies.
- Leave your arguments as they were.

On paper: with x = [5, 6, 7] and m = 2, y[1] = 5 * A[1, 0] + 6 * A[1, 1] + 7 * A[1, 2]. Raise A[1, 2] by 1, and y[1] grows by 7:
so T[1, 1, 2] = 7. Of the 12 entries of T, 6 are 0.
"""

import numpy as np
from numpy.typing import NDArray


def dy_dA_column(x: NDArray[np.float64], m: int) -> NDArray[np.float64]:
    """Return the derivatives of y = A @ x with respect to A, indexed by output, row and column."""
    ### BEGIN SOLUTION
    # Output i reads row i of A alone, and there the weight in column k is multiplied by x[k].
    return np.einsum("ij,k->ijk", np.eye(m), x)
    ### END SOLUTION
