"""By the logarithm of the sigmoid, which is -log(1 + e**(-z))."""

import numpy as np


def sigmoid_stable(z):
    return np.exp(-np.logaddexp(0, -z))
