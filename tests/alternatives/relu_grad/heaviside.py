"""The step function, with 0 at the step."""

import numpy as np


def relu_grad(z):
    return np.heaviside(z, 0.0)
