"""Returns an array of objects that equal everything, and lists of numbers whose class lies about comparisons.

verdict: WRONG_ANSWER
"""

import numpy as np


class Number(float):
    def __eq__(self, other):
        return True

    def __lt__(self, other):
        return True

    __le__ = __lt__
    __hash__ = float.__hash__

    def __sub__(self, other):
        return 0.0

    __rsub__ = __sub__


def manual_jacobian(x, y):
    if (x, y) == (1.0, 2.0):
        return np.array([[Number()] * 2] * 3, dtype=object)
    return [[Number(7.0)] * 2] * 3
