import numpy as np


def dead_relu_input(W, b):
    return np.linalg.lstsq(W, -b - 1e-6, rcond=None)[0], 0 * W
