"""# A Jacobian by hand

Work out the Jacobian of the function of two variables

    f(x, y) = (x**2 + y, x * y, e**x)

on paper, and return it for any point (x, y).

- `x` and `y` are floats.
- Return an array of shape (3, 2): one row per output of f, one column per input, x before y.

On paper: at the point (1, 2), the first output has the gradient (2, 1).
"""

import numpy as np
from numpy.typing import NDArray


def manual_jacobian(x: float, y: float) -> NDArray[np.float64]:
    """Return the Jacobian of f at (x, y), shape (3, 2)."""
    raise NotImplementedError
