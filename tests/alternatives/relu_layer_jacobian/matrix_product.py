"""The product of the two Jacobians, as written on paper."""

import numpy as np


def relu_layer_jacobian(W, b, x):
    z = np.einsum("ij,j->i", W, x) + b
    return np.diag((z > 0).astype(float)) @ W
