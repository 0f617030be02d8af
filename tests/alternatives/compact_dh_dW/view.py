import numpy as np


def compact_dh_dW(x, H):
    return np.broadcast_to(x[:, np.newaxis], (x.size, H))
