"""Returns nested tuples of arrays of 32 dimensions, together deeper than an array can be.

verdict: WRONG_ANSWER
"""

import numpy as np


def manual_jacobian(x, y):
    value = np.zeros((1,) * 32)
    for _ in range(14):
        value = (value, value) if _ > 11 else (value,)
    return value
