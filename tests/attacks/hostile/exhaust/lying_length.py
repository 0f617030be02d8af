"""Announces a reply of 30 MB, sends a little of it, and sleeps.

verdict: TIME_LIMIT_EXCEEDED
"""

import os
import struct
import time


def manual_jacobian(x, y):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<I", 30 * 2**20) + b"x" * 100)
        except OSError:
            pass
    time.sleep(10**6)
