"""Loops over plain lists, without numpy."""

import math

def backprop_batch(X, W, wout, t):
    X, W, wout, t = X.tolist(), W.tolist(), wout.tolist(), t.tolist()
    dW, dwout = [[0.0] * len(wout) for _ in W], [0.0] * len(wout)
    for x, target in zip(X, t):
        h = [sum(x[j] * W[j][k] for j in range(len(x))) for k in range(len(wout))]
        p = 1 / (1 + math.exp(-sum(a * w for a, w in zip(h, wout) if a > 0)))
        d = 2 * (p - target) * p * (1 - p)
        for k, a in enumerate(h):
            if a > 0:
                dwout[k] += d * a
                for j, entry in enumerate(x):
                    dW[j][k] += d * wout[k] * entry
    return dW, dwout
