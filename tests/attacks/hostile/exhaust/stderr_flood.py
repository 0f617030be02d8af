"""Warns without end.

verdict: OUTPUT_LIMIT_EXCEEDED
"""

import warnings

warnings.simplefilter("always")


def manual_jacobian(x, y):
    while True:
        warnings.warn("x" * 1000, stacklevel=1)
