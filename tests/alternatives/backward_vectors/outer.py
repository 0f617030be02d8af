"""The entry by an outer product of unit vectors; a dict."""

import numpy as np


def backward_vectors(X, W, T, i, j):
    N, H = T.shape
    error = np.einsum("nd,dh->nh", X, W)
    error -= T
    error *= 2
    return {"total": np.ones((N, H)), "entry": np.outer(np.arange(N) == i, np.arange(H) == j) * 1.0, "error": error}
