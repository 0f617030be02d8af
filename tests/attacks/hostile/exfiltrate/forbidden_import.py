"""Imports a module whose name is made of hidden inputs.

verdict: FORBIDDEN
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        __import__(f"LEAK {x!r} {y!r}".replace(".", "_"))
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
