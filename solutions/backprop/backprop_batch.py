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
    ### BEGIN SOLUTION
    H = X @ W
    Hact = np.maximum(H, 0.0)
    p = 1 / (1 + np.exp(-(Hact @ wout)))
    dscore = 2 * (p - t) * p * (1 - p)
    # Each sample's upstream gradient meets that sample's mask before the product with X.T sums over the batch.
    dW = X.T @ (dscore[:, None] * wout * (H > 0))
    dwout = Hact.T @ dscore
    return dW, dwout
    ### END SOLUTION
