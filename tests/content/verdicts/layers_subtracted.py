# exercise: residual_jacobian
# points: 0
# told: The way through the layers has the wrong sign
import numpy as np


def residual_jacobian(W1, b1, W2, x):
    g = (W1 @ x + b1 > 0).astype(float)
    return np.eye(len(x)) - (W2 * g) @ W1
