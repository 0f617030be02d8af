"""# Softmax and cross-entropy together

A classifier gives a batch of N samples the logits Z, one row a sample and one column a class; the right classes are y.
With p = softmax(Z) by rows, the loss is the cross-entropy, as the MEAN over the batch:

    loss = -(log p[0, y[0]] + ... + log p[N-1, y[N-1]]) / N

Return the gradient of the loss with respect to Z.

- `Z` has shape (N, K), float64 or float32; `y` has shape (N,), integers from 0 to K - 1.
- Return an array of shape (N, K).
- The logits may be large, 1000 or -1000, where e**Z is out of range although the gradient is not:
  nothing may overflow on the way.
- Leave your arguments as they were.

On paper: one sample with the logits [0, ln 3] has p = [1/4, 3/4]. If its class is 0, the loss is
ln(1 + e**(z_1 - z_0)), and its derivative with respect to z_1 is 3/4.
"""

import numpy as np
from numpy.typing import NDArray


def softmax_xent_grad(Z: NDArray[np.float64], y: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return dloss/dZ, shape (N, K)."""
    raise NotImplementedError
