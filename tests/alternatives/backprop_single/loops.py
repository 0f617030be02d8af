"""Loops over units and inputs; no helper is called by another."""

import math

import numpy as np


def forward(x, W, wout):
    h = [sum(x[j] * W[j][k] for j in range(len(x))) for k in range(len(wout))]
    score = sum(max(value, 0.0) * weight for value, weight in zip(h, wout))
    return h, 1 / (1 + math.exp(-score))


def dloss_dscore(p, t):
    return np.array(2.0) * (p - t) * (p - p * p)


def score_backward(x, h, wout, dscore):
    dW = np.zeros((len(x), len(h)))
    dwout = np.zeros(len(h))
    for k in range(len(h)):
        if h[k] > 0:
            dwout[k] = dscore * h[k]
            for j in range(len(x)):
                dW[j, k] = x[j] * dscore * wout[k]
    return dW, dwout


def backprop_single(x, W, wout, t):
    x, W, wout = (np.asarray(each, dtype=np.float64) for each in (x, W, wout))
    h = x.dot(W)
    p = 1 / (1 + math.exp(-sum(wout[k] * h[k] for k in range(len(h)) if h[k] > 0)))
    g = (p - t) * p * (1 - p)
    dW, dwout = score_backward(x, h, wout, g + g)
    return abs(p - t) ** 2, dW, dwout
