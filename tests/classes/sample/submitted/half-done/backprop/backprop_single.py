import numpy as np


def forward(x, W, wout):
    h = x @ W
    return h, 1 / (1 + np.exp(-np.maximum(h, 0) @ wout))


def dloss_dscore(p, t):
    return 2 * (p - t) * p * (1 - p)


def score_backward(x, h, wout, dscore):
    raise NotImplementedError


def backprop_single(x, W, wout, t):
    raise NotImplementedError
