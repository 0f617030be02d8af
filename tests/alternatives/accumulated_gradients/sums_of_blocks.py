import numpy as np


def accumulated_gradients(W, grads, lr, every):
    count = len(grads) // every
    blocks = grads[: count * every].reshape(count, every, *W.shape).sum(axis=1)
    return W - lr * np.cumsum(blocks, axis=0), grads[count * every :].sum(axis=0)
