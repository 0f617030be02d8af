# exercise: sigmoid_grad
# points: 4
# told: the values are not
# untold: cannot be negative|sign
import numpy as np


def sigmoid_grad(z):
    return (1 - np.tanh(z / 2) ** 2) / 4
