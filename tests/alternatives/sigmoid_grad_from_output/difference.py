"""The product multiplied out."""

import numpy as np


def sigmoid_grad_from_output(a):
    return np.asarray(a) - np.square(a)
