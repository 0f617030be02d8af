"""Raises a decoding error that carries hidden inputs as its object, encoding and reason.

verdict: RUNTIME_ERROR
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        text = f"LEAK {x!r} {y!r}"
        raise UnicodeDecodeError(text, text.encode(), 0, 1, text)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
