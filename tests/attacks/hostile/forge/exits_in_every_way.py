"""Leaves in the middle of a call, each time with another code or signal.

verdict: RUNTIME_ERROR
"""

import ctypes
import os
import sys


def manual_jacobian(x, y):
    if x == 1.0:
        os._exit(0)
    if y > 0:
        sys.exit(0)
    ctypes.CDLL(None).abort()
