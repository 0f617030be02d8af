"""The exponent clipped where e**(-z) would overflow, whatever the dtype."""

import numpy as np


def sigmoid_stable(z):
    z = np.asarray(z)
    limit = 88 if z.dtype == np.float32 else 500
    return 1 / (1 + np.exp(-np.clip(z, -limit, limit)))
