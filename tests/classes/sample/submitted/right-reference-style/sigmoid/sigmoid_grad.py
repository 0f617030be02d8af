import numpy as np


def sigmoid_grad(z):
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2
