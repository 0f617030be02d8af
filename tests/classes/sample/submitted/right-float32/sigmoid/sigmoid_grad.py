import numpy as np


def sigmoid_grad(z):
    z = np.asarray(z, dtype=np.float32)
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2
