import numpy as np


def vector_matrix_derivative(W, x):
    assert_axes = {1: lambda: x, 2: lambda: x.sum(0)}
    if x.ndim not in assert_axes:
        raise ValueError("x must be a vector or a matrix")
    return np.repeat(assert_axes[x.ndim]().reshape(-1, 1), W.shape[1], axis=1)


def dscore_dHact(Hact, wout):
    return np.tile(wout, (Hact.shape[0], 1))
