# exercise: backprop_batch
# points: 2
# told: mask|a mean where a sum
import numpy as np


def backprop_batch(X, W, wout, t):
    H = X @ W
    p = 1 / (1 + np.exp(-(np.maximum(H, 0) @ wout)))
    d = 2 * (p - t) * p * (1 - p) / len(X)
    return X.T @ np.outer(d, wout), np.maximum(H, 0).T @ d
