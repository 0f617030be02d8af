"""Multiply the Jacobians of the layers, and look at the shape."""

import numpy as np


def predict_jacobian_shapes(dims):
    jacobian = np.eye(dims[0])
    for size in dims[1:]:
        jacobian = np.ones((size, len(jacobian))) @ jacobian
    return jacobian.shape
