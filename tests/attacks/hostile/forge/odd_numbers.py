"""Returns nan, infinity, the largest floats, integers of 400 digits, and the smallest of all integers.

verdict: WRONG_ANSWER
"""

import numpy as np

ODD = [
    np.full((3, 2), np.nan),
    np.full((3, 2), np.inf),
    np.full((3, 2), 1.7e308) * np.array([1, -1]),
    [[10**400] * 2] * 3,
    np.full((3, 2), -(2**63)),
    np.full((3, 2), complex("nan+infj")),
    np.full((3, 2), np.longdouble("1e4000")),
]
calls = 0


def manual_jacobian(x, y):
    global calls
    calls += 1
    return ODD[calls % len(ODD)]
