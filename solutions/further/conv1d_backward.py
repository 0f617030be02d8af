"""# Back through a convolution

A convolution slides a small kernel w along a signal x, and gives one number for each place at which all of w lies on x:

    y[i] = sum over j of w[j] * x[i + j]         for i from 0 to n - k

This is what deep learning calls a convolution: the kernel is not reversed, and there is no padding. It is linear in x, so it
is a layer y = T @ x with a large and sparse matrix, in which the k numbers of w stand again and again.

- `x` has shape (n,), `w` (k,), and `dout`, which is d loss / dy, has shape (m,) with m = n - k + 1. All are float64, and
  k is at most n.
- `conv1d_matrix(w, n)` returns T, a float64 array of shape (m, n).
- `conv1d_backward(dout, x, w)` returns a tuple (dx, dw), each in the shape of what it is the derivative with respect to. It is
  graded by itself, and need not call `conv1d_matrix`.
- Leave your arguments as they were. One check of `conv1d_backward` has a signal of 20000 numbers: T does not fit into memory
  there, and differences in place of derivatives take too long.

On paper: w = [3, 5] and n = 4 give T = [[3, 5, 0, 0], [0, 3, 5, 0], [0, 0, 3, 5]]. With x = [1, 2, 3, 4] and dout = [1, 0, 2],
x[0] is in y[0] alone, with the factor 3: dx[0] is 3. And w[0] is in all of y, with 1, 2 and 3: dw[0] is 1 * 1 + 0 * 2 + 2 * 3 = 7.
"""

import numpy as np
from numpy.typing import NDArray


def conv1d_matrix(w: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    """Return the T of y = T @ x, shape (n - k + 1, n)."""
    ### BEGIN SOLUTION
    m = n - len(w) + 1
    T = np.zeros((m, n))
    for i in range(m):
        T[i, i : i + len(w)] = w
    return T
    ### END SOLUTION


def conv1d_backward(
    dout: NDArray[np.float64], x: NDArray[np.float64], w: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (dx, dw), given dout."""
    ### BEGIN SOLUTION
    m = len(dout)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    # w[j] joins x[i + j] to y[i], for all i at once.
    for j in range(len(w)):
        dx[j : j + m] += w[j] * dout
        dw[j] = dout @ x[j : j + m]
    return dx, dw
    ### END SOLUTION
