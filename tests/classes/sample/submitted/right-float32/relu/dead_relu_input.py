import numpy as np


def dead_relu_input(W, b):
    W = W.astype(np.float32)
    b = b.astype(np.float32)
    return np.linalg.pinv(W) @ (-b - 1), np.zeros_like(W)
