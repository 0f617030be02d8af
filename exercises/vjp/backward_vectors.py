"""# The vector that backward is handed

A batch goes through a layer, Y = X @ W. In PyTorch, `Y.backward(v)` leaves in `W.grad` the gradient of one number: the sum over
all entries of v * Y. So v says which number that is. The notes hand it `torch.ones_like(W)` for a batch, get the right answer,
and wonder: with their sizes a wrong array happens to fit.

Return the v for which `W.grad` is the gradient of

- `total`: the sum of all the entries of Y;
- `entry`: the single entry Y[i, j];
- `error`: the squared error, the sum over all entries of (Y - T)**2.

Each has to be right whichever layer it was that made Y: so it depends on Y, and on the number in question, alone.

- `X` has shape (N, D), `W` (D, H) and `T` (N, H), all float64; `i` and `j` are ints, counted from 0.
- Return a tuple (total, entry, error) of arrays. PyTorch speaks of a vector, however many axes it has.
- Leave your arguments as they were.

On paper: with X = [[1, 2], [3, 4], [5, 6]] and W = [[1, 0, -1, 2], [0, 1, 1, -1]], Y is [[1, 2, 1, 0], [3, 4, 1, 2], [5, 6, 1, 4]].
If T[0, 0] is 0, that entry contributes 1 to the error. Raise Y[0, 0] to 1.01, and it contributes 1.0201, about 2 * 0.01 more:
entry [0, 0] of the third array is 2.
"""

import numpy as np
from numpy.typing import NDArray


def backward_vectors(
    X: NDArray[np.float64], W: NDArray[np.float64], T: NDArray[np.float64], i: int, j: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (total, entry, error), what to hand to Y.backward for each of three numbers."""
    raise NotImplementedError
