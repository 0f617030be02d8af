import numpy as np


def accumulated_gradients(W, grads, lr, every):
    Ws = []
    for start in range(0, len(grads) - every + 1, every):
        W = W - lr * grads[start : start + every].sum(axis=0)
        Ws.append(W)
    left = len(grads) % every
    return np.stack(Ws), grads[len(grads) - left :].sum(axis=0)
