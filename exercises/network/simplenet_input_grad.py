"""# The gradient with respect to the input of a net

A net with two hidden layers maps an input x to one number y, and the loss is y ** 2:

    z1 = W1 @ x + b1             shape (n1,)
    z2 = W2 @ relu(z1) + b2      shape (n2,)
    y = W3 @ relu(z2) + b3       shape (1,)
    loss = y ** 2

Return the gradient of the loss with respect to x: a product of the Jacobians of all steps. SimpleNet has the sizes
2-3-2-1, but your function is to take any sizes n0-n1-n2-1.

- `params` is a list of three tuples, (W1, b1), (W2, b2), (W3, b3); the weights have the shapes (n1, n0), (n2, n1) and
  (1, n2), the biases (n1,), (n2,) and (1,), and `x` has shape (n0,), all float64. relu'(0) = 0.
- Return an array of shape (n0,).
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: without hidden layers, y = w x + b with w = 3, b = -1 and x = 1 is 2, and the gradient of y ** 2 with respect
to x is 12.
"""

import numpy as np
from numpy.typing import NDArray


def simplenet_input_grad(
    params: list[tuple[NDArray[np.float64], NDArray[np.float64]]], x: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the gradient of y ** 2 with respect to x, in the shape of x."""
    raise NotImplementedError
