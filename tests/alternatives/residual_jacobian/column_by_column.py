"""Push each unit vector forward along both ways."""

import numpy as np


def residual_jacobian(W1, b1, W2, x):
    gate = np.where(W1 @ x + b1 > 0, 1.0, 0.0)
    return np.column_stack([unit + W2 @ (gate * (W1 @ unit)) for unit in np.eye(len(x))])
