# exercise: dead_units
# points: 4
# told: no tolerance is asked
import numpy as np


def dead_units(X, W, b):
    return np.all(np.isclose(np.maximum(X @ W + b, 0), 0), axis=0)
