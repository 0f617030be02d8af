"""Raises in a line that depends on the hidden inputs, and claims a line beyond its own file.

Which line of the file raised is told; the file has few of them.

verdict: RUNTIME_ERROR
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        exec(compile("\n" * int(abs(y) * 10**6) + "raise ValueError", "manual_jacobian.py", "exec"))
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
