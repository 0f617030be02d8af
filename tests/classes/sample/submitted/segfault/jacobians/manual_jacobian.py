import ctypes

import numpy as np


def manual_jacobian(x, y):
    ctypes.string_at(0)
    return np.array([[2 * x, 1], [y, x], [np.exp(x), 0]])
