"""# Backward through the softmax

A batch of N samples went through the softmax, row by row, and gave the probabilities p. Given `dout`, the gradient of
the loss with respect to p, return the gradient of the loss with respect to the logits z that p was computed from. Build
no K x K Jacobian: for many classes it is large, and its product with one vector is cheap.

- `p` has shape (N, K): one sample a row, no entry negative, the sum of each row 1. It is the softmax's output already.
- `dout` has shape (N, K): dloss/dp. Both are float64 or float32.
- Return an array of shape (N, K): dloss/dz.
- Leave your arguments as they were.
- One check has 30000 classes: a Jacobian does not fit into memory there.

On paper: for one sample with p = [1/4, 3/4] and dout = [4, 0], dloss/dz is [3/4, -3/4].
"""

import numpy as np
from numpy.typing import NDArray


def softmax_vjp(p: NDArray[np.float64], dout: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return dloss/dz, shape (N, K)."""
    raise NotImplementedError
