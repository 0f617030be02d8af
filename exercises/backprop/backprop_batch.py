"""# Backpropagation of a batch

A net with one hidden layer sees a batch X of N samples, one a row:

    H = X @ W                    pre-activations, shape (N, H)
    score = relu(H) @ wout       one number a sample, shape (N,)
    p = 1 / (1 + exp(-score))    shape (N,)
    loss = sum((p - t) ** 2)     the SUM over the batch, one number

Return the gradients of the loss with respect to W and wout.

- `X` has shape (N, D), `W` (D, H), `wout` (H,) and the targets `t` (N,), all float64; N may be 1. relu'(0) = 0.
- Return a tuple (dW, dwout): dW has the shape of W, and dwout that of wout.
- One check has 400 inputs and 400 hidden units: differences in place of derivatives take too long there.

On paper: a sample with score 0 has p = 1/2; if its target is 1, d loss / d score is 2 * (1/2 - 1) * 1/4 = -1/4 for it.
"""

import numpy as np
from numpy.typing import NDArray


def backprop_batch(
    X: NDArray[np.float64], W: NDArray[np.float64], wout: NDArray[np.float64], t: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (dW, dwout), the gradients of the summed loss."""
    raise NotImplementedError
