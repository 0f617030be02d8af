"""# The vector-Jacobian product of a layer

A layer computes h = x @ W. Backpropagation never builds the Jacobian T of h with respect to W, with T[i, j, k] = d h[i]
/ d W[j, k]. It is handed a vector v with one number for each output and needs the sum of v[i] * T[i] over i. In
PyTorch, `h.backward(v)` leaves it in `W.grad`. Return that sum.

- `x` has shape (D,), `v` has shape (H,), and W, which is not needed, has shape (D, H). All are floats.
- Return an array of the shape of W, (D, H).
- You can do it without the tensor T.
- Leave your arguments as they were. Arrays may be float32: then an answer as accurate as that is enough.

On paper: with x = [1, 2] and v = [3, -1, 0.5], the entry [0, 0] is 3.
"""

import numpy as np
from numpy.typing import NDArray


def vjp_linear(x: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the sum over i of v[i] * d h[i] / dW for h = x @ W, shape (D, H)."""
    raise NotImplementedError
