"""Entry by entry, in single precision."""

import numpy as np


def linear_layer_jacobian(W, b, x):
    m, n = W.shape
    jacobian = np.empty((m, n), dtype=np.float32)
    for i in range(m):
        for j in range(n):
            jacobian[i, j] = W[i, j]
    return jacobian
