import numpy as np


def dead_relu_input(W, b):
    # very negative input -> very negative pre-activation
    return np.full(W.shape[1], -10.0), np.zeros(W.shape)
