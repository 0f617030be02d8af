import math

import numpy as np


def slope(z):
    # The complement of erf keeps its digits where Phi is tiny.
    return math.erfc(-z / 2**0.5) / 2 + z * math.exp(-z * z / 2) * (2 * math.pi) ** -0.5


def gelu_grad(z):
    return np.reshape([slope(each) for each in z.ravel().tolist()], z.shape)
