import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop_batch(X, W, wout, t):
    t = t.reshape(-1, 1)
    H = X @ W
    Hact = np.maximum(H, 0)
    p = sigmoid(Hact @ wout)
    dloss_dp = (2 * (p - t)).sum(axis=0)
    dscore = dloss_dp * p * (1 - p)
    return X.T @ (dscore[:, None] * wout * (H > 0)), Hact.T @ dscore
