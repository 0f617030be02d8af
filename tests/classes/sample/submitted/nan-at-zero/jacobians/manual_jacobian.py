import numpy as np


def manual_jacobian(x, y):
    x, y = np.float64(x), np.float64(y)
    f2 = x * y
    return np.array([[2 * x, 1], [f2 / x, f2 / y], [np.exp(x), 0]])
