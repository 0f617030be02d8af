"""# A helper, and how not to call it

The notes on a batch have a helper for layers: given W and the input of Y = X @ W, it returns what `Y.backward(ones)` leaves in
W.grad, the sum of the compact forms of all samples. Then they call it for d score / d Hact of score = Hact @ wout, with wout in
the place of the batch, and get a 3 x 3 matrix where a 2 x 3 one is needed. Write the helper, and the derivative that it is not
made for.

- `vector_matrix_derivative(W, x)`: `W` has shape (D, H), and `x` is one sample, shape (D,), or a batch, shape (N, D). Return an
  array of the shape of W: the derivative of the SUM of all entries of x @ W with respect to W. For an x with any other number of
  axes raise a ValueError: a returned text would be taken for a derivative.
- `dscore_dHact(Hact, wout)`: `Hact` has shape (N, H) and `wout` (H,). Return an array of shape (N, H): entry [n, k] is the
  derivative of score[n] with respect to Hact[n, k].
- All float64. Leave your arguments as they were.

On paper: one sample x = [1, 2] and a W of shape (2, 3). W[1, 0] stands in one entry of x @ W alone, the first, times x[1] = 2: so
entry [1, 0] of the derivative is 2. A second sample [10, 20] adds 20 to it.
"""

import numpy as np
from numpy.typing import NDArray


def vector_matrix_derivative(W: NDArray[np.float64], x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the derivative of the sum of x @ W with respect to W, in the shape of W."""
    raise NotImplementedError


def dscore_dHact(Hact: NDArray[np.float64], wout: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the derivative of each sample's score with respect to its own activations, shape (N, H)."""
    raise NotImplementedError
