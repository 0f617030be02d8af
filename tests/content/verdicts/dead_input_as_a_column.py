# exercise: dead_relu_input
# points: 2
# told: returned shape (3, 1), asked was (3,)
import numpy as np


def dead_relu_input(W, b):
    x = np.linalg.lstsq(W, -b - 1, rcond=None)[0]
    return x[:, None], np.zeros(W.shape)
