"""Sum over the active units, entry by entry."""

import numpy as np


def residual_jacobian(W1, b1, W2, x):
    m, n = W1.shape
    J = np.zeros((n, n))
    for i in range(n):
        J[i, i] = 1.0
        for j in range(n):
            for k in range(m):
                if W1[k] @ x + b1[k] > 0:
                    J[i, j] += W2[i, k] * W1[k, j]
    return J
