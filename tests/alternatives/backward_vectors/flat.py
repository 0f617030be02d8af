"""By flat vectors, given back their shape."""

import numpy as np


def backward_vectors(X, W, T, i, j):
    Y = np.matmul(X, W)
    entry = np.zeros(Y.size)
    entry[i * Y.shape[1] + j] = 1
    return [np.full(Y.shape, 1), entry.reshape(Y.shape), -2 * np.subtract(T, Y)]
