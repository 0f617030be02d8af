import numpy as np
from helpers import sigmoid


def backprop_batch(X, W, wout, t):
    H = X @ W
    Hact = np.maximum(H, 0)
    p = sigmoid(Hact @ wout)
    dscore = 2 * (p - t) * p * (1 - p)
    return X.T @ (dscore[:, None] * wout * (H > 0)), Hact.T @ dscore
