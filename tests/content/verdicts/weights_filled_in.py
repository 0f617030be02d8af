# exercise: vector_matrix_derivative
# points: 3.5
# told: writes into its argument `W`
import numpy as np


def vector_matrix_derivative(W, x):
    if x.ndim not in (1, 2):
        raise ValueError("one sample, or a batch")
    total = x if x.ndim == 1 else x.sum(axis=0)
    for k in range(W.shape[1]):
        W[:, k] = total
    return W


def dscore_dHact(Hact, wout):
    return np.ones_like(Hact) * wout
