"""# The derivative of ReLU

Return the derivative of relu(z) = max(z, 0) with respect to its pre-activation z, element by element. At the kink,
z = 0, relu has no derivative; this course takes relu'(0) = 0, as PyTorch does.

- `z` is a float or a float64 array of any shape; return a float or an array of that same shape.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: relu(z) = z around z = 4, so the derivative there is 1.
"""

import numpy as np
from numpy.typing import NDArray


def relu_grad(z: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Return relu'(z), in the shape of z."""
    ### BEGIN SOLUTION
    return np.where(z > 0, 1.0, 0.0)
    ### END SOLUTION
