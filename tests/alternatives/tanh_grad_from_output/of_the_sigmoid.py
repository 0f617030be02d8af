import numpy as np


def tanh_grad_from_output(a):
    s = (np.asarray(a) + 1) / 2
    return np.multiply(4 * s, 1 - s)
