# exercise: vector_matrix_derivative
# points: 3.5
# told: not the right one
import numpy as np


def vector_matrix_derivative(W, x):
    if x.ndim > 2:
        raise ValueError("too many axes")
    if x.ndim == 2:
        x = x.sum(axis=0)
    return x.reshape(-1, 1) * np.ones(W.shape)


def dscore_dHact(Hact, wout):
    return np.ones_like(Hact) * wout
