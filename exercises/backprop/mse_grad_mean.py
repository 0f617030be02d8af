"""# The gradient of a mean squared error

For a batch of predictions p and targets t, the loss is `np.mean((p - t) ** 2)`: one number, the mean over all
entries. Return its gradient with respect to p.

- `p` and `t` have the same shape, (N, K): N samples with K predictions each, float64.
- Return an array of shape (N, K).
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: for p = [[3]] and t = [[1]] the gradient is [[4]].
"""

import numpy as np
from numpy.typing import NDArray


def mse_grad_mean(p: NDArray[np.float64], t: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gradient of np.mean((p - t) ** 2) with respect to p."""
    raise NotImplementedError
