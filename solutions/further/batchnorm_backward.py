"""# Back through a batch normalisation

A batch norm standardises each unit over the batch: it takes off the unit's mean over the samples, and divides by its spread.
So in training the samples of a batch are no longer independent of each other, on the way forward and on the way back.

    mean = the mean of a column                   one number a unit, over the N samples
    var  = the mean of (x - mean) ** 2            one number a unit; divided by N, not by N - 1
    Z    = (X - mean) / sqrt(var + eps)           shape (N, D)
    Y    = gamma * Z + beta                       shape (N, D)

- `dout` is d loss / dY, shape (N, D), and `X` has shape (N, D); `gamma` and beta, which is not needed, have shape (D,). All
  are float64. N is 3 or more, and D may be 1. `eps` is a float above 0.
- Return a tuple (dX, dgamma, dbeta), each in the shape of what it is the derivative with respect to.
- A unit may give the same number for all samples: then its var is 0.
- Leave your arguments as they were. One check has 20000 samples: for these the Jacobian of a unit's Z with respect to its X
  does not fit into memory, and differences in place of derivatives take too long.

On paper: a single unit gives [1, 1, 5, 5] for four samples. Its mean is 3 and its var 4, and with eps = 12 it is divided by 4,
so that Z is [-1/2, -1/2, 1/2, 1/2]. Only the last sample has an upstream gradient, dout = [0, 0, 0, 64], and gamma is 1. dX is
[-3, -3, -5, 11]: all four samples get some of it.
"""

import numpy as np
from numpy.typing import NDArray


def batchnorm_backward(
    dout: NDArray[np.float64], X: NDArray[np.float64], gamma: NDArray[np.float64], eps: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (dX, dgamma, dbeta), given dout."""
    ### BEGIN SOLUTION
    N = len(X)
    centred = X - X.mean(axis=0)
    root = np.sqrt(np.mean(centred**2, axis=0) + eps)
    Z = centred / root
    dgamma, dbeta = np.sum(dout * Z, axis=0), dout.sum(axis=0)
    # What comes back through mean and variance is what gamma and beta collect, as all three belong to the unit.
    dX = gamma / root * (dout - dbeta / N - Z * dgamma / N)
    return dX, dgamma, dbeta
    ### END SOLUTION
