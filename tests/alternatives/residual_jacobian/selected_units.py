"""Only the active units are multiplied out."""

import numpy as np


def residual_jacobian(W1, b1, W2, x):
    active = np.flatnonzero(W1 @ x + b1 > 0)
    J = W2[:, active] @ W1[active]
    J[np.diag_indices(len(x))] += 1
    return J
