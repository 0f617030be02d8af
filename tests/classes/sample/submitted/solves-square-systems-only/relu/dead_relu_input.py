import numpy as np


def dead_relu_input(W, b):
    return np.linalg.solve(W, -b - 1), np.zeros_like(W)
