import numpy as np


def manual_jacobian(x, y):
    J = np.zeros((3, 2), dtype=int)
    J[0] = 2 * x, 1
    J[1] = y, x
    J[2] = np.exp(x), 0
    return J
