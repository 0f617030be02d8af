"""# Back through a layer normalisation

A transformer normalises every row of a batch: it takes off the row's mean, and divides by the row's spread. Each entry of
the row is in that mean and in that spread, so that each output depends on all inputs of its row.

    mean = the mean of a row                      one number a row
    var  = the mean of (x - mean) ** 2            one number a row; divided by D, not by D - 1
    Z    = (X - mean) / sqrt(var + eps)           shape (N, D)
    Y    = gamma * Z + beta                       shape (N, D)

- `dout` is d loss / dY, shape (N, D), and `X` has shape (N, D); `gamma` and beta, which is not needed, have shape (D,). All
  are float64. D is 3 or more, and N may be 1. `eps` is a float above 0.
- Return a tuple (dX, dgamma, dbeta), each in the shape of what it is the derivative with respect to.
- A row may hold equal numbers alone: then its var is 0.
- Leave your arguments as they were. One check has rows of 30000 numbers: for such a row the Jacobian of Z with respect to X
  does not fit into memory, and differences in place of derivatives take too long.

On paper: the row [0, 3, 6] has the mean 3 and the var 6. With eps = 3 it is divided by 3, so that Z is [-1, 0, 1]. Let gamma
be all ones and dout = [0, 0, 27]. If mean and var stayed as they are, dX would be [0, 0, 9]. They move with each entry, and dX is
[0, -3, 3]. It adds up to 0: why does it have to?
"""

import numpy as np
from numpy.typing import NDArray


def layernorm_backward(
    dout: NDArray[np.float64], X: NDArray[np.float64], gamma: NDArray[np.float64], eps: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (dX, dgamma, dbeta), given dout."""
    ### BEGIN SOLUTION
    centred = X - X.mean(axis=1, keepdims=True)
    root = np.sqrt(np.mean(centred**2, axis=1, keepdims=True) + eps)
    Z = centred / root
    # What comes back to Z, less what comes back through the mean, and through the variance.
    dZ = dout * gamma
    dX = (dZ - dZ.mean(axis=1, keepdims=True) - Z * np.mean(dZ * Z, axis=1, keepdims=True)) / root
    return dX, np.sum(dout * Z, axis=0), dout.sum(axis=0)
    ### END SOLUTION
