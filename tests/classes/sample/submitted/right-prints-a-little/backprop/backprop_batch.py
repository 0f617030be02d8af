import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop_batch(X, W, wout, t):
    print("X", X.shape, "W", W.shape)
    H = X @ W
    print("H =", H)
    Hact = H * (H > 0)
    p = sigmoid(Hact @ wout)
    dscore = 2 * (p - t) * p * (1 - p)
    dH = dscore.reshape(-1, 1) @ wout.reshape(1, -1)
    dH[H <= 0] = 0
    return X.T @ dH, Hact.T @ dscore
