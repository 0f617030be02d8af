import numpy as np


def dead_relu_input(W, b):
    x, *_ = np.linalg.lstsq(W, -b - 1, rcond=None)
    return x, np.diag((W @ x + b > 0) * 1.0) @ W
