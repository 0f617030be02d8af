"""# Vector times matrix, on paper

In numpy, `a * B` with `a` of shape (H,) and `B` of shape (D, H) broadcasts `a` over the rows of `B`. On paper there is
no broadcasting: write it as a matrix product. Return the matrix M for which

    a * B == B @ M

- `a` has shape (H,) and `B` has shape (D, H), both float64.
- Return M, an array of shape (H, H). It must depend on `a` alone: the same M has to be right for every B of H columns.
- Leave your arguments as they were.

On paper: with a = [2, 3] and B = [[1, 1], [4, 5]], a * B is [[2, 3], [8, 15]].
"""

import numpy as np
from numpy.typing import NDArray


def broadcast_as_matmul(a: NDArray[np.float64], B: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return M, shape (H, H), with a * B == B @ M for every B."""
    raise NotImplementedError
