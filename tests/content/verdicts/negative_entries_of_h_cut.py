# exercise: backprop_single
# points: 11
# told: writes into one of its arguments
import numpy as np


def forward(x, W, wout):
    h = x @ W
    return h, float(1 / (1 + np.exp(-(np.maximum(h, 0) @ wout))))


def dloss_dscore(p, t):
    return 2 * (p - t) * p * (1 - p)


def score_backward(x, h, wout, dscore):
    h[h < 0] = 0
    return np.outer(x, dscore * wout * (h > 0)), dscore * h


def backprop_single(x, W, wout, t):
    h, p = forward(x, W, wout)
    dW, dwout = score_backward(x, h, wout, dloss_dscore(p, t))
    return (p - t) ** 2, dW, dwout
