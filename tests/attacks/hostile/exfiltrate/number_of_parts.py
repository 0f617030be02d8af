"""Returns as many values as the first digits of a hidden input say.

verdict: WRONG_ANSWER
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        return ["LEAK"] * int(abs(y) * 1000)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
