"""Waits without using the processor.

verdict: TIME_LIMIT_EXCEEDED
"""

import time


def manual_jacobian(x, y):
    time.sleep(10**6)
