"""# One step of gradient descent

A linear layer h = x @ W is a part of a net with a loss L, and upstream is dL/dh. Take one step of gradient descent on
the loss: return the weights after it.

- `x` has shape (D,), `W` (D, H) and `upstream` (H,), all float64; `lr`, the learning rate, is a positive float.
- Return the new weights, an array of shape (D, H). Leave `W` itself as it was.
- What is to go down is L, not h: a step along dh/dW pushes every h down, whether the loss wants that or not.
- Arrays may be float32: then an answer as accurate as that is enough.

On paper: with x = [1], W = [[5]], upstream = [-2] and lr = 0.5, h is to grow for L to fall, and the new W is [[6]].
"""

import numpy as np
from numpy.typing import NDArray


def sgd_step_linear(
    x: NDArray[np.float64], W: NDArray[np.float64], upstream: NDArray[np.float64], lr: float
) -> NDArray[np.float64]:
    """Return W after one step of gradient descent on the loss."""
    raise NotImplementedError
