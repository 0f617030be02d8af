"""# Back through attention

In an attention layer every query looks at all keys, and takes a mean of the values, with the weights that its scores decide:

    S = Q @ K.T / sqrt(d)                 scores, shape (N, M)
    P = softmax of each row of S          weights, shape (N, M): those of a query add up to 1
    O = P @ V                             shape (N, e)

- `Q` has shape (N, d), one query a row; `K` (M, d) and `V` (M, e), a key and its value a row; `dout` is d loss / dO, shape (N, e).
  All are float64. N and M may be 1 or more.
- Return a tuple (dQ, dK, dV), each in the shape of what it is the derivative with respect to.
- Scores may be in the thousands, where exp overflows: a softmax does not change if a row of scores is shifted.
- Leave your arguments as they were. One check has 20000 keys: a Jacobian of a query's weights does not fit into memory there,
  and differences in place of derivatives take too long.

On paper: one query [0, 0, 6, 0], so d = 4, and two keys [2, 0, 0, 0] and [0, 2, 0, 0]. Both scores are 0, and both weights 1/2.
With V = [[1], [3]] the output is 2. Let dout be [[4]]: raise the first score by a little, and weight moves from the value 3 to the
value 1. d loss / dS is [-2, 2]. With the division by 2 = sqrt(d), dQ is [-2, 2, 0, 0].
"""

import numpy as np
from numpy.typing import NDArray


def attention_backward(
    Q: NDArray[np.float64], K: NDArray[np.float64], V: NDArray[np.float64], dout: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return (dQ, dK, dV), given dout."""
    ### BEGIN SOLUTION
    _, d = Q.shape
    S = Q @ K.T / np.sqrt(d)
    weights = np.exp(S - S.max(axis=1, keepdims=True))
    P = weights / weights.sum(axis=1, keepdims=True)
    dP = dout @ V.T
    # The softmax couples the scores of a query: what a weight gets more than the mean does, counts.
    dS = P * (dP - np.sum(P * dP, axis=1, keepdims=True))
    return dS @ K / np.sqrt(d), dS.T @ Q / np.sqrt(d), P.T @ dout
    ### END SOLUTION
