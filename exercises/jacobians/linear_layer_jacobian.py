"""# The Jacobian of a linear layer

A linear layer maps x to y = W @ x + b. Return the Jacobian of y with respect to x, at the given x.

- `W` has shape (m, n), `b` has shape (m,) and `x` has shape (n,), all float64.
- Return an array of shape (m, n): one row per output y_i, one column per input x_j.
- Leave your arguments as they were.

On paper: with W = [[1, 2], [3, 4], [5, 6]], raising x[1] by 0.1 raises y[0] by 0.2, whatever b is.
"""

import numpy as np
from numpy.typing import NDArray


def linear_layer_jacobian(
    W: NDArray[np.float64], b: NDArray[np.float64], x: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return dy/dx, shape (m, n)."""
    raise NotImplementedError
