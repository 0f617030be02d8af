"""# Back through dropout

In training, dropout puts a random part of the activations to 0, so that no unit can rely on another one. With it fewer of them
are summed up in the next layer than later in use. So those that are kept are made larger, until the sum is right on average: each
activation is dropped with probability p, and what is kept is divided by the probability of being kept.

The forward pass has drawn which activations are kept, and has kept that as `mask`. Return the gradient of the loss with respect to
the activations in front of the dropout.

- `dout`, shape (N, H), is the gradient of the loss with respect to what comes out of the dropout, float64.
- `mask`, shape (N, H), is an array of booleans: True where the activation was kept.
- `p` is a float, 0 <= p < 1: the probability with which each activation was DROPPED. How many really were may be another number.
- Return an array of shape (N, H).
- Leave your arguments as they were.

On paper: with p = 0.2, dout = [[4, -8]] and mask = [[True, False]], the first activation was kept, and divided by 0.8 on its way;
the second one had no part in the loss. The answer is [[5, 0]].
"""

import numpy as np
from numpy.typing import NDArray


def dropout_backward(dout: NDArray[np.float64], mask: NDArray[np.bool_], p: float) -> NDArray[np.float64]:
    """Return the gradient with respect to the activations in front of the dropout, shape (N, H)."""
    ### BEGIN SOLUTION
    return np.where(mask, dout / (1 - p), 0.0)
    ### END SOLUTION
