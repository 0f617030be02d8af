"""One step array a coordinate, added to x on both sides."""

import numpy as np


def numerical_gradient(f, x, h=1e-5):
    x = np.asarray(x, dtype=float)
    slopes = []
    for position in range(x.size):
        step = np.zeros(x.size)
        step[position] = h
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / (2 * h))
    return np.reshape(slopes, x.shape)
