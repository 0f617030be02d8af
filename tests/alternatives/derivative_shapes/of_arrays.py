"""The shapes of arrays, built one row an output."""

import numpy as np


def derivative_shapes(n, m):
    gradient = np.zeros(n)
    jacobian = np.stack([gradient for _ in range(m)])
    hessian = np.stack([gradient for _ in range(n)])
    return gradient.shape, jacobian.shape, hessian.shape
