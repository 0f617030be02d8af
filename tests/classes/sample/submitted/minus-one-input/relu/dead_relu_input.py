import numpy as np


def dead_relu_input(W, b):
    return -np.ones(W.shape[1]), np.zeros_like(W)
