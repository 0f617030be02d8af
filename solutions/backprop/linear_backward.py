"""# The backward pass of a linear layer

A linear layer maps a batch X of N samples, one a row, to H = X @ W + b. Given dout, the derivative of a loss with
respect to H, return the derivatives of that loss with respect to X, W and b.

- `dout` has shape (N, H), `X` (N, D), `W` (D, H) and `b` (H,), all float64; N may be 1.
- Return a tuple (dX, dW, db); each has the shape of what it is the derivative with respect to.
- The layer does not know what the loss is. If that is a mean over the batch, its 1/N is in dout already.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with N = 2, dout = [[1], [3]] and W = [[5]], dX is [[5], [15]].
"""

import numpy as np
from numpy.typing import NDArray


def linear_backward(
    dout: NDArray[np.float64], X: NDArray[np.float64], W: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (dX, dW, db), given dout."""
    ### BEGIN SOLUTION
    # The shapes leave no choice: (N, H) @ (H, D) and (D, N) @ (N, H). b was used once for each sample.
    return dout @ W.T, X.T @ dout, dout.sum(axis=0)
    ### END SOLUTION
