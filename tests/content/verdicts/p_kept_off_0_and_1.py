# exercise: backprop_batch
# points: 18
# told: saturate
import numpy as np


def backprop_batch(X, W, wout, t):
    H = X @ W
    A = np.maximum(H, 0)
    p = np.clip(1 / (1 + np.exp(-(A @ wout))), 1e-3, 1 - 1e-3)
    d = 2 * (p - t) * p * (1 - p)
    return X.T @ (np.outer(d, wout) * (H > 0)), A.T @ d
