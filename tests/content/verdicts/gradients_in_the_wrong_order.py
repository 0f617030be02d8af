# exercise: backprop_batch
# points: 0
# told: in the order dwout, dW; asked is dW, dwout
# untold: raised IndexError
import numpy as np


def backprop_batch(X, W, wout, t):
    Z = X @ W
    A = np.maximum(Z, 0)
    p = 1 / (1 + np.exp(-A @ wout))
    d = 2 * (p - t) * p * (1 - p)
    return A.T @ d, X.T @ (np.outer(d, wout) * (Z > 0))
