"""# Back through an embedding

An embedding is a table W with a row for each of V words. Its forward pass looks up the row of each word of a text:

    Y = W[ids]                   row n of Y is row ids[n] of W

Return the gradient of a loss with respect to the table.

- `dout` is d loss / dY, shape (N, D), float64. `ids` has shape (N,) and holds whole numbers from 0 to V - 1: the words of the
  text, in any order. `V` is the number of rows of W, which itself is not needed. N may be 1.
- Return an array in the shape of W, (V, D).
- A word may stand in the text several times, or not at all. The word 0 is a word like the others.
- Leave your arguments as they were. One check has a text of 20000 words and a table of 20000: a matrix with a row for each
  of the one and a column for each of the other does not fit into memory.

On paper: V = 4, the text is [2, 0, 2], and dout = [[1, 2], [3, 4], [5, 6]]. Raise W[2, 0] by a little: Y[0, 0] and Y[2, 0] both
grow by that. So dW[2, 0] is 1 + 5 = 6, and all of dW is [[3, 4], [0, 0], [6, 8], [0, 0]].
"""

import numpy as np
from numpy.typing import NDArray


def embedding_backward(dout: NDArray[np.float64], ids: NDArray[np.int64], V: int) -> NDArray[np.float64]:
    """Return d loss / dW, shape (V, D)."""
    raise NotImplementedError
