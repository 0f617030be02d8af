"""Writes one byte at the far end of a file of a terabyte.

verdict: OUTPUT_LIMIT_EXCEEDED
"""

import os


def manual_jacobian(x, y):
    os.lseek(1, 2**40, os.SEEK_SET)
    os.write(1, b"x")
