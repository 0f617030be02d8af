import numpy as np


def manual_jacobian(x, y):
    return np.array([[1, 2 * x], [x, y], [0, np.exp(x)]])
