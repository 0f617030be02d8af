"""Calls its own exceptions by the names of built-in ones, and gives them a metaclass that says otherwise.

verdict: RUNTIME_ERROR
"""

import numpy as np


class Named(type):
    def __getattribute__(cls, name):
        return "LEAK 0.123" if name in ("__name__", "__qualname__") else super().__getattribute__(name)


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        raise Named("ValueError", (Exception,), {})(f"LEAK {x!r}")
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
