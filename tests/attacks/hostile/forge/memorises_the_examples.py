"""Knows the public example by heart, remembers all it was asked, and repeats the answer that was right.

verdict: WRONG_ANSWER
"""

import numpy as np

seen = []


def manual_jacobian(x, y):
    seen.append((x, y))
    return np.array([[2.0, 1.0], [2.0, 1.0], [np.e, 0.0]])
