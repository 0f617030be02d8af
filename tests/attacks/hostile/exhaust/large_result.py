"""Returns an array that is larger than a reply may be.

verdict: MEMORY_LIMIT_EXCEEDED
"""

import numpy as np


def manual_jacobian(x, y):
    return np.zeros(2**23)
