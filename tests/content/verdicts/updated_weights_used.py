# exercise: backprop_batch
# points: 9
# told: as it was in the forward pass
import numpy as np


def backprop_batch(X, W, wout, t):
    H = X @ W
    A = np.maximum(H, 0)
    p = 1 / (1 + np.exp(-(A @ wout)))
    d = 2 * (p - t) * p * (1 - p)
    dwout = A.T @ d
    wout = wout - dwout
    return X.T @ (np.outer(d, wout) * (H > 0)), dwout
