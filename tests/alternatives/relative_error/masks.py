"""Two masks: entries below the guard, and entries above it."""

import numpy as np


def relative_error(a, n):
    if np.isnan(a - n).any() or np.isinf(a - n).any():
        return np.inf
    difference, scale = np.abs(a - n), np.abs(a) + np.abs(n)
    small = scale < 1e-8
    tiny = (difference[small] * 1e8).max(initial=0)
    return max(tiny, (difference[~small] / scale[~small]).max(initial=0))
