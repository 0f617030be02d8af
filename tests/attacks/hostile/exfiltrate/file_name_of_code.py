"""Raises from code that was compiled under a file name made of hidden inputs.

verdict: RUNTIME_ERROR
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        exec(compile("1 / 0", f"LEAK {x!r} {y!r}", "exec"))
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
