"""A branch for each sign, filled in by boolean masks."""

import numpy as np


def sigmoid_stable(z):
    values = np.asarray(z)
    result = np.empty_like(values)
    positive = values >= 0
    result[positive] = 1 / (1 + np.exp(-values[positive]))
    e = np.exp(values[~positive])
    result[~positive] = e / (1 + e)
    return result
