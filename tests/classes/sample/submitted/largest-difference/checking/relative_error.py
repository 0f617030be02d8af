import numpy as np


def relative_error(a, n):
    if not np.isfinite(a).all() or not np.isfinite(n).all():
        return np.inf
    return np.abs(a - n).max()
