import numpy as np


def sigmoid_grad(z):
    out = np.zeros(z.shape)
    out[:] = np.exp(-z) / (1 + np.exp(-z)) ** 2
    return out
