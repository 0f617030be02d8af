import numpy as np


def sigmoid_grad(z):
    z *= -1
    e = np.exp(z)
    return e / (1 + e) ** 2
