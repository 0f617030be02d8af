# exercise: relative_error
# points: 4
# told: no threshold
import numpy as np


def relative_error(a, n):
    if not (np.isfinite(a).all() and np.isfinite(n).all()):
        return np.inf
    d = np.abs(a) + np.abs(n)
    return float(np.max(np.where(d > 1e-8, np.abs(a - n) / np.where(d > 0, d, 1), 0)))
