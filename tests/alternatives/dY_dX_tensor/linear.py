"""Y is linear in X: the derivative with respect to an entry is the output for a batch that is 1 there, and 0 elsewhere."""

import numpy as np


def dY_dX_tensor(X, A):
    units = np.eye(X.size).reshape(X.size, *X.shape)
    return np.moveaxis(units @ A, 0, -1).reshape(len(X), A.shape[1], *X.shape)
