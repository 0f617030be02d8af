"""# Two products with a Jacobian

A function with n inputs and m outputs has a Jacobian J of shape (m, n). There are two ways to multiply it by a vector.
The vector-Jacobian product (vjp) pulls a vector v of the outputs back to the inputs, and the Jacobian-vector product
(jvp) pushes a vector u of the inputs forward to the outputs. Return both.

- `J` has shape (m, n), `v` has shape (m,) and `u` has shape (n,), all floats.
- Return a tuple (vjp, jvp): v^T J with shape (n,), and J u with shape (m,).
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with J = [[1, 2], [3, 4], [0, 1]], the vector v = [1, 0, 0] is pulled back to the first row, [1, 2], and the
vector u = [1, 0] is pushed forward to the first column, [1, 3, 0].
"""

import numpy as np
from numpy.typing import NDArray


def vjp_vs_jvp(
    J: NDArray[np.float64], v: NDArray[np.float64], u: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (v^T J, J u), shapes (n,) and (m,)."""
    ### BEGIN SOLUTION
    return v @ J, J @ u
    ### END SOLUTION
