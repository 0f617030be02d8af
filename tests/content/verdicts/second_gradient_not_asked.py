# exercise: relative_error
# points: 4
# told: in a alone
import numpy as np


def relative_error(a, n):
    if np.isnan(a).any() or np.isinf(a).any():
        return np.inf
    return np.max(np.abs(a - n) / np.maximum(1e-8, np.abs(a) + np.abs(n)))
