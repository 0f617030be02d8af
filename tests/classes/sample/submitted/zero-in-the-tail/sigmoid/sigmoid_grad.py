import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_grad(z):
    s = sigmoid(z)
    # saturated: no gradient left
    return np.where(np.abs(z) > 8, 0.0, s * (1 - s))
