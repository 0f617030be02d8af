# exercise: sigmoid_jacobian
# points: 0
# told: squared
import numpy as np


def sigmoid_jacobian(z):
    return np.diag(np.exp(-z) / (1 + np.exp(-z)))
