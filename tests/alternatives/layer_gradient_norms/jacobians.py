"""By the Jacobian of each layer, and products of them."""

import numpy as np


def layer_gradient_norms(Ws, x, dy, activation):
    jacobians, h = [], np.asarray(x)
    for W in Ws:
        z = W @ h
        if activation == "sigmoid":
            h = 1 / (1 + np.exp(-z))
            jacobians.append(np.diag(h * (1 - h)) @ W)
        else:
            h = z * (z > 0)
            jacobians.append(np.diag(np.heaviside(z, 0)) @ W)
    norms, row = [np.linalg.norm(dy)], dy[None, :]
    while jacobians:
        row = row @ jacobians.pop()
        norms.insert(0, np.linalg.norm(row))
    return norms
