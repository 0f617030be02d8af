"""Returns eight arrays without entries whose other dimension is so large that together they cannot be addressed.

verdict: WRONG_ANSWER
"""

import numpy as np


def manual_jacobian(x, y):
    return [np.zeros((2**58, 0))] * 8
