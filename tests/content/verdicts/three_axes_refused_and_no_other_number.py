# exercise: vector_matrix_derivative
# points: 3.5
# told: the answer is not the right one
import numpy as np


def vector_matrix_derivative(W, x):
    if x.ndim == 3:
        raise ValueError("3 axes")
    total = x.reshape(-1, W.shape[0]).sum(axis=0)
    return np.repeat(total[:, None], W.shape[1], 1)


def dscore_dHact(Hact, wout):
    return np.tile(wout, (len(Hact), 1))
