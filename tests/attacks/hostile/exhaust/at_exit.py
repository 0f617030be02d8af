"""Answers rightly, and has finalizers and exit functions that never end, for later.

verdict: ACCEPTED
"""

import atexit
import threading
import time
import weakref

import numpy as np


class Immortal:
    def __del__(self):
        time.sleep(10**6)


immortal = Immortal()
atexit.register(time.sleep, 10**6)
weakref.finalize(immortal, time.sleep, 10**6)
threading._register_atexit(time.sleep, 10**6)


def manual_jacobian(x, y):
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
