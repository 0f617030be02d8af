"""Entry by entry, with s * (1 - s) written as s(z) * s(-z)."""

import math

import numpy as np


def sigmoid_jacobian(z):
    n = len(z)
    jacobian = np.zeros((n, n))
    for i in range(n):
        jacobian[i, i] = 1 / (1 + math.exp(-z[i])) / (1 + math.exp(z[i]))
    return jacobian
