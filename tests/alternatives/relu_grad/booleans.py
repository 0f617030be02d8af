"""Booleans for floats, where they are equal."""

import numpy as np


def relu_grad(z):
    return np.greater(z, 0)
