import numpy as np


def dead_relu_input(W, b):
    x, *_ = np.linalg.lstsq(W, -b - 1, rcond=None)
    return x
