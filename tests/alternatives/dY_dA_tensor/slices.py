import numpy as np


def dY_dA_tensor(X, m):
    T = np.zeros((len(X), m, X.shape[1], m), dtype=X.dtype)
    for j in range(m):
        T[:, j, :, j] = X
    return T
