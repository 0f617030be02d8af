import math

import numpy as np


def backprop_batch(X, W, wout, t):
    dW = np.zeros_like(W)
    dwout = np.zeros_like(wout)
    for x, target in zip(X, t):
        h = [float(x @ W[:, k]) for k in range(W.shape[1])]
        p = 1 / (1 + math.exp(-sum(max(value, 0.0) * weight for value, weight in zip(h, wout))))
        upstream = 2 * (p - target) * p * (1 - p)
        for k, value in enumerate(h):
            if value > 0:
                dwout[k] += upstream * value
                dW[:, k] += upstream * wout[k] * x
    return dW, dwout
