"""Entry by entry: both A_ij and A_ji stand before x_i * x_j."""

import numpy as np


def hessian_quadratic(A, b, x):
    n = len(x)
    hessian = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            hessian[i, j] = 0.5 * A[i, j] + 0.5 * A[j, i]
    return hessian
