# exercise: sigmoid_grad
# points: 5
# told:
import numpy as np


def sigmoid_grad(z):
    s = 1 / (1 + np.exp(-z))
    return s - s**2
