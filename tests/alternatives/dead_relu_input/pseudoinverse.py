"""The shortest x with z = -5, by the pseudoinverse."""

import numpy as np


def dead_relu_input(W, b):
    return np.linalg.pinv(W) @ (-5.0 - b)
