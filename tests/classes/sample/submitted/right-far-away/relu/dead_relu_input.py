import numpy as np


def dead_relu_input(W, b):
    # any large step against W works
    x = np.linalg.lstsq(W, np.full(len(b), -1e6), rcond=None)[0]
    return x, np.where((W @ x + b > 0)[:, None], W, 0)
