"""Writes the largest blocks that a single system call takes.

verdict: OUTPUT_LIMIT_EXCEEDED
"""

import os


def manual_jacobian(x, y):
    block = bytes(2**20)
    while True:
        os.writev(1, [block] * 64)
