import numpy as np


def dead_relu_input(W, b):
    return (np.linalg.pinv(W) @ (-b - 3)).tolist()
