import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop_batch(X, W, wout, t):
    H = X @ W
    p = sigmoid(np.maximum(H, 0) @ wout)
    d = 2 * (p - t) * p * (1 - p)
    dW = X.T @ (d[:, None] * wout * (H > 0))
    dwout = np.maximum(H, 0).T @ d
    return dW.tolist(), dwout.tolist()
