"""Hangs the hidden inputs on an exception: notes, causes, attributes, a group.

verdict: RUNTIME_ERROR
"""

import numpy as np


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        error = ExceptionGroup(f"LEAK {x!r}", [KeyError(f"LEAK {y!r}")])
        error.add_note(f"LEAK {x!r}")
        raise error from ValueError(f"LEAK {y!r}")
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
