# exercise: sigmoid_grad
# points: 4
# told: differences in place of the derivative
import numpy as np


def sigmoid_grad(z):
    s = lambda z: 1 / (1 + np.exp(-z))
    h = 1e-5
    return (s(z + h) - s(z - h)) / (2 * h)
