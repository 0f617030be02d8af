# exercise: sigmoid_grad
# points: 0
# told: multiplied, not subtracted
import numpy as np


def sigmoid_grad(z):
    s = 1 / (1 + np.exp(-z))
    return s - (1 - s)
