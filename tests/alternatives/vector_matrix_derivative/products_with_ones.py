import numpy as np


def vector_matrix_derivative(W, x):
    if x.ndim == 1:
        x = x[np.newaxis, :]
    N, D = x.shape
    return x.T @ np.ones((N, W.shape[1]))


def dscore_dHact(Hact, wout):
    return np.outer(np.ones(len(Hact)), wout)
