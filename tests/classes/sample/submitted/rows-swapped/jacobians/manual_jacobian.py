import numpy as np


def manual_jacobian(x, y):
    return np.array([[y, x], [2 * x, 1], [np.exp(x), 0]])
