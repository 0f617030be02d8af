"""# Back through a sum, a mean and a maximum

A reduction takes the entries of X along one axis together, and the axis is gone. Going back, each entry of X has to get
its part of the upstream gradient: every pooling layer, every mean loss and every softmax does this on its way back.

- `X` is a float64 array with one axis or more, `axis` is the index of one of them, from 0, and `op` is one of the texts
  "sum", "mean" and "max".
- The forward pass was Y = X.sum(axis), X.mean(axis) or X.max(axis). `dout` is d loss / dY, in the shape of Y: that of X
  without that axis (one number where X has a single axis).
- Return d loss / dX, in the shape of X.
- For "max", no two entries that are taken together are equal.
- Leave your arguments as they were.

On paper: X = [[1, 5, 3], [4, 2, 0]] has the row sums 9 and 6. Raise any entry of the first row by 1, and the 9 grows by
1: so with dout = [6, 9] and axis = 1 the answer for "sum" is [[6, 6, 6], [9, 9, 9]]. Which rows do "mean" and "max" give?
"""

import numpy as np
from numpy.typing import NDArray


def reduce_backward(dout: NDArray[np.float64], X: NDArray[np.float64], axis: int, op: str) -> NDArray[np.float64]:
    """Return d loss / dX, in the shape of X."""
    raise NotImplementedError
