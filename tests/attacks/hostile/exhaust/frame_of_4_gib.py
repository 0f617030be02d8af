"""Announces a reply of 4 GiB.

verdict: OUTPUT_LIMIT_EXCEEDED
"""

import os
import struct


def manual_jacobian(x, y):
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<I", 2**32 - 1) + b"x" * 100)
        except OSError:
            pass
