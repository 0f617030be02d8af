"""# All gradients of a deep net

A net with L layers sorts a batch of samples into K classes, and this is all that it takes to train it: the gradients with
respect to every weight and every bias.

    A0 = X                                   shape (N, D)
    Z = A @ W + b, then A = relu(Z)          for each layer but the last, shape (N, H), an H of its own for each
    Z = A @ W + b                            for the last layer: the logits, shape (N, K)
    p = softmax of each row of the logits    shape (N, K)
    loss = -mean(log(p[n, y[n]]))            the MEAN over the batch of the cross-entropies, one number

- `params` is a list of L tuples (W, b), the first layer first: W has shape (inputs, outputs) and b (outputs,); the outputs
  of a layer are the inputs of the next. L is 1 or more. All float64; relu'(0) = 0.
- `X` has shape (N, D), and `y` holds the N classes, whole numbers from 0 to K - 1. N may be 1.
- Return a list of 2 L arrays, [dW1, db1, dW2, db2, ...], the first layer first, each in the shape of what it is the gradient
  with respect to.
- Logits may be in the thousands, where exp overflows: a softmax does not change if a row of logits is shifted.
- Leave your arguments as they were. One check has a layer with 400 inputs and 300 outputs: differences in place of
  derivatives take too long there.

On paper: one sample of class 0, one layer, K = 2 and both logits 0. Then p = [1/2, 1/2] and the loss is log 2. Raise the
first logit by a little, and the loss falls by half of that; raise the second one, and it grows by half of that. So db is
[-1/2, 1/2], and with X = [[3]], dW is [[-3/2, 3/2]].
"""

import numpy as np
from numpy.typing import NDArray


def mlp_backward(
    params: list[tuple[NDArray[np.float64], NDArray[np.float64]]], X: NDArray[np.float64], y: NDArray[np.int64]
) -> list[NDArray[np.float64]]:
    """Return [dW1, db1, dW2, db2, ...], the gradients of the mean cross-entropy."""
    raise NotImplementedError
