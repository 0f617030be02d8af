"""Raises the hidden inputs as the name, module and docstring of an exception's class.

verdict: RUNTIME_ERROR
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        text = f"LEAK {x!r} {y!r}"
        raise type(text, (KeyError,), {"__module__": text, "__qualname__": text, "__doc__": text})(text)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
