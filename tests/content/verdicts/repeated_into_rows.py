# exercise: compact_dh_dW
# points: 0
# told: mixed up
import numpy as np


def compact_dh_dW(x, H):
    return np.repeat(x, H).reshape(H, len(x)).T
