"""Moved to and fro in the flat view of a copy."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    point = x.astype(np.float64)
    flat = point.ravel()
    gradient = np.zeros(point.shape)
    for i in range(flat.size):
        flat[i] += h
        difference = f(point)
        flat[i] -= 2 * h
        difference -= f(point)
        flat[i] += h
        gradient.flat[i] = difference / h / 2
    return gradient
