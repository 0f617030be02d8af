import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def backprop_batch(X, W, wout, t):
    for x, target in zip(X, t):
        h = x @ W
        hact = np.maximum(h, 0)
        p = sigmoid(hact @ wout)
        dscore = 2 * (p - target) * p * (1 - p)
        dW = np.outer(x, dscore * wout * (h > 0))
        dwout = dscore * hact
    return dW, dwout
