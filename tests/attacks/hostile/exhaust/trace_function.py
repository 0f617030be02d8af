"""Has every line of Python, the worker's included, take forever once it has answered.

verdict: TIME_LIMIT_EXCEEDED
"""

import sys
import time

import numpy as np


def forever(*_):
    time.sleep(10**6)


def manual_jacobian(x, y):
    sys.setprofile(forever)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
