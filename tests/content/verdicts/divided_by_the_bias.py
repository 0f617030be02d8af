# exercise: dead_units
# points: 4
# told: the values are not
import numpy as np


def dead_units(X, W, b):
    return np.isclose(np.maximum(X @ W + b, 0).max(axis=0) / b, 0)
