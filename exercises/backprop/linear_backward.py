"""# The backward pass of a linear layer

A linear layer maps a batch X of N samples, one a row, to H = X @ W + b. Given dout, the derivative of a loss by H,
return the derivatives of that loss by X, by W and by b.

- `dout` has shape (N, H), `X` (N, D), `W` (D, H) and `b` (H,), all float64; N may be 1.
- Return a tuple (dX, dW, db); each has the shape of what it is the derivative by.
- The layer does not know what the loss is. If that is a mean over the batch, its 1/N is in dout already.

On paper: with N = 2, dout = [[1], [3]] and W = [[5]], dX is [[5], [15]].
"""

import numpy as np
from numpy.typing import NDArray


def linear_backward(
    dout: NDArray[np.float64], X: NDArray[np.float64], W: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (dX, dW, db), given dout."""
    raise NotImplementedError
