"""# The Hessian of a quadratic form

Return the Hessian, with respect to x, of the scalar function

    f(x) = x^T A x / 2 + b^T x

at the given x. The matrix A need not be symmetric.

- `A` has shape (n, n), `b` and `x` have shape (n,), all float64.
- Return an array of shape (n, n): entry (i, j) is the second derivative of f with respect to x_i and x_j.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with A = [[1, 2], [0, 3]], the first term is (x_0**2 + 2 * x_0 * x_1 + 3 * x_1**2) / 2, and its second
derivative with respect to x_0 and x_1 is 1.
"""

import numpy as np
from numpy.typing import NDArray


def hessian_quadratic(A: NDArray[np.float64], b: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the second derivatives of f at x, shape (n, n)."""
    raise NotImplementedError
