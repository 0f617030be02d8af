import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop_batch(X, W, wout, t):
    H = X @ W
    Hact = np.maximum(H, 0)
    p = sigmoid(Hact @ wout)
    dscore = 2 * (p - t) * p * (1 - p)
    dwout = Hact.T @ dscore
    dH_dW = np.tile(X.sum(axis=0), (len(wout), 1)).T  # sum of the N Jacobians
    dHact_dH = (H > 0).astype(float)
    dscore_dHact = np.tile(wout, (len(X), 1))
    dW = dscore[:, None] * dscore_dHact * dHact_dH * dH_dW
    return dW, dwout
