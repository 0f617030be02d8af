"""The gradient of relu(z) - alpha * relu(-z), and the leak at 0 besides."""

import numpy as np


def leaky_relu_backward(dout, z, alpha):
    positive = (z > 0).astype(z.dtype)
    return positive * dout + alpha * (1 - positive) * dout
