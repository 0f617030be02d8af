"""# Training a net

All that a gradient is for: step by step, a net learns what no net without a hidden layer can, such as XOR.

    Z = X @ W1 + b1              shape (N, H)
    p = relu(Z) @ w2 + b2        shape (N,)
    loss = mean((p - t) ** 2)    the MEAN over the batch, one number

Train on the whole batch: in each step, compute the gradients of the loss, and take lr times its gradient off each of the four
parameters.

- `X` has shape (N, D) and the targets `t` (N,); `params` is a tuple (W1, b1, w2, b2) of the shapes (D, H), (H,), (H,) and (),
  b2 being one number. All float64; relu'(0) = 0.
- `lr` is a positive float, and `steps` a whole number, 0 or more.
- Return an array of shape (steps + 1,): the loss before the first step, and after each step.
- Leave your arguments as they were. One check has a layer with 400 inputs and 300 units: differences in place of derivatives
  take too long there.

On paper: a net with w2 = [0] gives p = b2. With b2 = 1 and the targets 0 and 4, the loss is (1 + 9) / 2 = 5, and its
gradient with respect to b2 is (2 * 1 + 2 * (-3)) / 2 = -2. A step with lr = 0.5 makes b2 = 2, and the loss (4 + 4) / 2 = 4.
"""

import numpy as np
from numpy.typing import NDArray


def train(
    X: NDArray[np.float64],
    t: NDArray[np.float64],
    params: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float],
    lr: float,
    steps: int,
) -> NDArray[np.float64]:
    """Return the losses before the first step and after each step, shape (steps + 1,)."""
    raise NotImplementedError
