import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop_batch(X, W, wout, t):
    X, W, wout, t = (a.astype(np.float32) for a in (X, W, wout, t))
    H = X @ W
    Hact = np.maximum(H, 0)
    score = Hact @ wout
    p = sigmoid(score)
    # In float32, 1 - p would lose its digits where the sigmoid saturates.
    dscore = 2 * (p - t) * p * sigmoid(-score)
    dW = X.T @ (dscore[:, None] * wout * (H > 0))
    return dW, Hact.T @ dscore
