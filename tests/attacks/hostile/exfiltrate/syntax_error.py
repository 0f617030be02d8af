"""Raises a syntax error that quotes hidden inputs as its message, file and line of code.

verdict: RUNTIME_ERROR
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        text = f"LEAK {x!r} {y!r}"
        raise SyntaxError(text, ("manual_jacobian.py", 3, 1, text))
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
