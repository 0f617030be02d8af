import numpy as np


def dead_relu_input(W, b):
    x = np.linalg.pinv(W) @ (-b - 3)
    return [x.tolist(), [[0.0] * len(x) for _ in b]]
