# exercise: backprop_batch
# points: 2
# told: tanh
import numpy as np


def backprop_batch(X, W, wout, t):
    H = X @ W
    A = np.maximum(H, 0)
    p = 1 / (1 + np.exp(-(A @ wout)))
    d = 2 * (p - t) * (1 - p**2)
    return X.T @ (np.outer(d, wout) * (H > 0)), A.T @ d
