# exercise: relative_error
# points: 4
# told: not for what is infinite
# untold: your error is nan, and nan > 1e-6
import numpy as np


def relative_error(a, n):
    if np.isnan(a).any() or np.isnan(n).any():
        return np.inf
    return np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n)))
