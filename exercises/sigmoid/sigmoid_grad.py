"""# The derivative of the sigmoid

Return the derivative of the sigmoid s(z) = 1 / (1 + e**(-z)) with respect to its pre-activation z, element by element.

- `z` is a float or a float64 array of any shape; return a float or an array of that same shape.
- Where the sigmoid saturates the derivative is tiny but not 0, and your answer must say how tiny: a relative error of
  1e-6 is allowed, for z between -40 and 20.
- Leave your arguments as they were.

On paper: s(0) = 1/2 and the derivative there is 1/4; s(ln 3) = 3/4 and the derivative there is 3/16.
"""

import numpy as np
from numpy.typing import NDArray


def sigmoid_grad(z: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Return ds/dz at z, in the shape of z."""
    raise NotImplementedError
