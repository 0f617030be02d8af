import numpy as np


def vjp_linear(x, v):
    H = len(v)
    T = np.zeros((H, len(x), H))
    for i in range(H):
        T[i, :, i] = x
    return np.tensordot(v, T, axes=1)
