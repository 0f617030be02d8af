# exercise: backprop_batch
# points: 4
# told: One of p and t has the shape (N, 1), and the other (N,)
import numpy as np


def backprop_batch(X, W, wout, t):
    hidden = X @ W
    active = np.maximum(hidden, 0)
    p = 1 / (1 + np.exp(-active @ wout[:, None]))
    dscore = 2 * (p - t) * p * (1 - p)
    return X.T @ (dscore.sum(axis=1)[:, None] * wout * (hidden > 0)), active.T @ dscore.sum(axis=1)
