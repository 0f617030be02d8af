"""# What a dead unit learns

A unit that never fires is called dead, and the notes say that it never learns. See in numbers why: compute the gradients
of a layer's weights and biases, and say of which units they are 0 whatever the rest of the net asks for.

    Z = X @ W + b              pre-activations, one row for each sample
    out = relu(Z)

The rest of the net hands back `dout`, the gradient of the loss with respect to out. The loss is summed over the batch.

- `dout` has shape (N, H), `X` (N, D), `W` (D, H) and `b` (H,), all float64; N may be 1. As everywhere in this course,
  relu'(0) = 0.
- Return a tuple (dW, db, frozen). dW and db are the gradients of the loss, in the shapes of W and b. frozen is an array of H
  booleans: entry k is True if unit k can learn nothing from this batch, neither with this `dout` nor with any other.
- Leave your arguments as they were. One check has 100 inputs and 1200 units: the derivatives of every entry of out with respect
  to every weight do not fit into memory there, and differences in their place take too long.

On paper: with X = [[1], [2]], W = [[1, 1]] and b = [-1.5, -3], Z is [[-0.5, -2], [0.5, -1]]: of four gates one is open. With
dout = [[3, 4], [5, 6]] only the 5 passes, and so db = [5, 0].
"""

import numpy as np
from numpy.typing import NDArray


def dead_unit_gradients(
    dout: NDArray[np.float64], X: NDArray[np.float64], W: NDArray[np.float64], b: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Return (dW, db, frozen) of the layer relu(X @ W + b)."""
    ### BEGIN SOLUTION
    gate = X @ W + b > 0
    # What passes the gate reaches the weights and the bias alike; where it is closed, nothing reaches either.
    dZ = dout * gate
    return X.T @ dZ, dZ.sum(axis=0), ~np.any(gate, axis=0)
    ### END SOLUTION
