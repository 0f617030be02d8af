# exercise: backprop_batch
# points: 18
# told: clip
import numpy as np


def backprop_batch(X, W, wout, t):
    H = X @ W
    A = np.maximum(H, 0)
    p = 1 / (1 + np.exp(-(A @ wout)))
    d = 2 * (p - t) * p * (1 - p)
    return np.clip(X.T @ (np.outer(d, wout) * (H > 0)), -1, 1), np.clip(A.T @ d, -1, 1)
