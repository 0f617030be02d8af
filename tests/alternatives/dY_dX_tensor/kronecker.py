"""The Jacobian of the flattened batch is a Kronecker product."""

import numpy as np


def dY_dX_tensor(X, A):
    N, (n, m) = len(X), A.shape
    return np.kron(np.eye(N), A.T).reshape(N, m, N, n)
