"""# Compare with PyTorch

Differences are one way to check a gradient, a second program is another. Somebody has worked out the gradients of a small net by
hand, as you will in `backprop_batch`. Let PyTorch work out the same ones, and say how far apart they are.

    p = sigmoid(relu(X @ W) @ wout)    shape (N,)
    loss = sum((p - t) ** 2)           the SUM over the batch, one number

- All arguments are numpy arrays in float64: `X` has shape (N, D), `W` (D, H), `wout` (H,) and `t` (N,); `dW` and `dwout` are the
  gradients by hand, in the shapes of W and wout. Compute in float64 throughout: what is 1e-8 apart has to be told apart.
- Return a tuple (W_grad, wout_grad, error): PyTorch's gradients of the loss, as tensors or numpy arrays, and the largest
  distance |by hand - PyTorch's| of any entry of either gradient, a float.
- Leave your arguments as they were.

On paper: with X = [[1]], W = [[2]], wout = [0] and t = [1], the score is 0 and p = 1/2. The loss changes with the score by
2 * (1/2 - 1) * 1/4 = -1/4; so the gradient of wout is [-1/2], and that of W is [[0]]. With dW = [[0]] and dwout = [-1] the
error is 1/2.
"""

import numpy as np
import torch
from numpy.typing import NDArray

Grad = NDArray[np.float64] | torch.Tensor


def compare_with_autograd(
    X: NDArray[np.float64],
    W: NDArray[np.float64],
    wout: NDArray[np.float64],
    t: NDArray[np.float64],
    dW: NDArray[np.float64],
    dwout: NDArray[np.float64],
) -> tuple[Grad, Grad, float]:
    """Return (W_grad, wout_grad, error): PyTorch's gradients, and the largest distance from dW and dwout."""
    raise NotImplementedError
