"""Sleeps whenever the garbage collector runs, and makes it run.

verdict: TIME_LIMIT_EXCEEDED
"""

import gc
import time

gc.callbacks.append(lambda *_: time.sleep(10**6))


def manual_jacobian(x, y):
    gc.collect()
