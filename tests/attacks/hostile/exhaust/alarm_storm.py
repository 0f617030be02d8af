"""Has a timer interrupt every system call, thousands of times a second, and answers rightly.

verdict: ACCEPTED
"""

import signal

import numpy as np

signal.signal(signal.SIGALRM, lambda *_: None)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)


def manual_jacobian(x, y):
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
