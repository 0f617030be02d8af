import math

import numpy as np


def one(v):
    e = math.exp(-abs(v))
    return e / (1 + e) / (1 + e)


def sigmoid_grad(z):
    if isinstance(z, float):
        return one(z)
    out = np.zeros(z.shape)
    for index in np.ndindex(z.shape):
        out[index] = one(z[index])
    return out
