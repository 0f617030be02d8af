import numpy as np


def dead_relu_input(W, b):
    return np.linalg.lstsq(W, -b - 2.0, rcond=None)[0], np.zeros_like(W)
