import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop_batch(X, W, wout, t):
    H = X @ W
    Hact = np.maximum(H, 0)
    p = sigmoid(Hact @ wout)
    dscore = 2 * (p - t) * p * (1 - p)
    dH = np.outer(dscore, wout)
    return X.T @ dH, Hact.T @ dscore
