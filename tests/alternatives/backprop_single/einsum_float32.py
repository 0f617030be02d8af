"""einsum, and float32 in the gradients."""

import numpy as np


def forward(x, W, wout):
    h = np.einsum("j,jk->k", x, W)
    return h, (1 + np.tanh(np.einsum("k,k->", np.where(h > 0, h, 0), wout) / 2)) / 2


def dloss_dscore(p, t):
    return (2 * p - 2 * t) * p * (1 - p)


def score_backward(x, h, wout, dscore):
    active = np.heaviside(h, 0).astype(np.float32)
    x, h, wout = (each.astype(np.float32) for each in (x, h, wout))
    dW = np.einsum("j,k,k->jk", x, wout, active) * np.float32(dscore)
    return dW, h * active * np.float32(dscore)


def backprop_single(x, W, wout, t):
    h, p = forward(x, W, wout)
    return (np.square(p - t), *score_backward(x, h, wout, dloss_dscore(p, t)))
