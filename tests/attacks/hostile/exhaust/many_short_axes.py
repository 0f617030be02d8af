"""Returns an array of nine axes of six, no axis of which numpy shortens when it is printed.

verdict: WRONG_ANSWER
"""

import numpy as np


def manual_jacobian(x, y):
    return np.zeros((6,) * 9, bool)
