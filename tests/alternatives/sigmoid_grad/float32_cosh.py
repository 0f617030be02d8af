"""By the hyperbolic cosine, in float32: 1 / (2 cosh(z/2))**2."""

import numpy as np


def sigmoid_grad(z):
    return (1 / (2 * np.cosh(np.asarray(z) / 2)) ** 2).astype(np.float32)
