"""Lists, and numpy's integers."""

import numpy as np


def derivative_shapes(n, m):
    n, m = np.int64(n), np.int64(m)
    return [[n], [m, n], [n, n]]
