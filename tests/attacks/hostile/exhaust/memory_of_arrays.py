"""Asks numpy for an array of 10 GB.

verdict: MEMORY_LIMIT_EXCEEDED
"""

import numpy as np


def manual_jacobian(x, y):
    return np.ones(10 * 2**30 // 8)
