"""Returns the hidden inputs as a string.

verdict: WRONG_ANSWER
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        return f"LEAK {x!r} {y!r}"
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
