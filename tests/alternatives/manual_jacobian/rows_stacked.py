"""One gradient an output, stacked."""

import numpy as np


def manual_jacobian(x, y):
    rows = [np.array([2 * x, 1]), np.array([y, x]), np.array([np.exp(x), 0])]
    return np.vstack(rows)
