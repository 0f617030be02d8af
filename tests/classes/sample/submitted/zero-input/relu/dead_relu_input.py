import numpy as np


def dead_relu_input(W, b):
    return np.zeros(W.shape[1]), np.zeros(W.shape)
