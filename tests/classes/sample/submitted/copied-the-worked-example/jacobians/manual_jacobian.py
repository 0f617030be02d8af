import numpy as np


def manual_jacobian(x, y):
    return np.array([[2 * x, 1], [y, x], [np.cos(x), 0]])
