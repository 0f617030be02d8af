"""By the largest pre-activation of each unit."""

import numpy as np


def dead_units(X, W, b):
    return np.max(X @ W, axis=0) + b <= 0
