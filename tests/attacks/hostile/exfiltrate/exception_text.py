"""Raises the hidden inputs as the text of an exception.

verdict: RUNTIME_ERROR
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        raise ValueError(f"LEAK {x!r} {y!r}")
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
