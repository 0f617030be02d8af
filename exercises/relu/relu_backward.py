"""# Backward through ReLU

In the forward pass, relu(z) = max(z, 0) was applied to a batch z of pre-activations. The backward pass arrives with the
gradient `dout` of the loss with respect to the outputs relu(z); return the gradient of the loss with respect to z. As
everywhere in this course, relu'(0) = 0.

- `dout` and `z` are float64 arrays of the same shape (N, H): one sample a row, one unit a column; N may be 1.
- Return an array of shape (N, H).
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: where z is 3 and the upstream gradient is -2, the loss changes by -2 for each unit of z, so the answer is -2.
"""

import numpy as np
from numpy.typing import NDArray


def relu_backward(dout: NDArray[np.float64], z: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gradient of the loss with respect to z, shape (N, H)."""
    raise NotImplementedError
