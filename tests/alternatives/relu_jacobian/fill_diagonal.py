"""A matrix of zeros with its diagonal written in."""

import numpy as np


def relu_jacobian(z):
    jacobian = np.zeros((z.size, z.size), np.float32)
    np.fill_diagonal(jacobian, z > 0)
    return jacobian
