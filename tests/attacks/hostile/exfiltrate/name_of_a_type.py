"""Returns an object of a class that is named after the hidden inputs.

verdict: WRONG_ANSWER
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        name = f"LEAK {x!r} {y!r}"
        return type(name, (), {"__module__": "builtins", "__qualname__": name})()
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
