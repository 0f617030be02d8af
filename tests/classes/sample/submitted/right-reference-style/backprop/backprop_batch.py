import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop_batch(X, W, wout, t):
    H = X @ W
    A = np.maximum(H, 0)
    p = sigmoid(A @ wout)
    delta = 2 * (p - t) * p * (1 - p)
    dwout = A.T @ delta
    dW = X.T @ (np.outer(delta, wout) * (H > 0))
    return dW, dwout
