import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def sigmoid_grad(z):
    z = np.atleast_1d(z)
    return sigmoid(z) * (1 - sigmoid(z))
