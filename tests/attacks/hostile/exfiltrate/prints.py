"""Prints the hidden inputs, and warns of them, and answers rightly.

verdict: ACCEPTED
"""

import sys
import warnings

import numpy as np

warnings.simplefilter("always")


def manual_jacobian(x, y):
    print(f"LEAK {x!r} {y!r}")
    print(f"LEAK {x!r} {y!r}", file=sys.stderr)
    warnings.warn(f"LEAK {x!r} {y!r}", stacklevel=1)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
