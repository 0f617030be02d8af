import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop_batch(X, W, wout, t):
    H = X @ W
    Hact = np.maximum(H, 0)
    p = sigmoid(Hact @ wout)
    dscore = 2 * (p - t) * p * (1 - p)
    dW = X.T @ (dscore[:, None] * wout * (H > 0))
    dwout = Hact.T @ dscore
    return dwout, dW
