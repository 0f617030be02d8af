"""# Backward through the leaky ReLU

A dead unit never recovers, since its gate lets nothing back. The leaky ReLU is the remedy that most libraries offer: its
output is z where z > 0, and alpha * z elsewhere, so that a little of every gradient gets through.

Given the gradient of the loss with respect to its outputs, return the one with respect to z.

- `dout`, the upstream gradient, and `z`, the pre-activations, have the same shape (N, H), and are float64; `alpha` is a
  float from 0 to 1.
- Return an array of the same shape. At z = 0 take the slope as alpha, as PyTorch does.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with alpha = 0.1 and z = [[3, -2]], the outputs are [[3, -0.2]]. Lower z[0, 1] by 1, to -3, and its output falls
by 0.1, to -0.3. With dout = [[5, 5]] the loss falls by 5 * 0.1 = 0.5 then: z[0, 1] has the gradient 0.5.
"""

import numpy as np
from numpy.typing import NDArray


def leaky_relu_backward(dout: NDArray[np.float64], z: NDArray[np.float64], alpha: float) -> NDArray[np.float64]:
    """Return the gradient of the loss with respect to z, in the shape of z."""
    ### BEGIN SOLUTION
    return dout * np.where(z > 0, 1.0, alpha)
    ### END SOLUTION
