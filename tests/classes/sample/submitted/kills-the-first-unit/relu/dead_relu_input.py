import numpy as np


def dead_relu_input(W, b):
    w = W[0]
    return -(b[0] + 1) / (w @ w) * w, np.zeros(W.shape)
