# exercise: dead_units
# points: 0
# told: in the form of indices, of those that are not 0
import numpy as np


def dead_units(X, W, b):
    return np.where(np.all(X @ W + b <= 0, axis=0))[0]
