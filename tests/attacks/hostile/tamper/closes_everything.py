"""Closes every descriptor it has, and so cannot answer.

verdict: RUNTIME_ERROR
"""

import os


def manual_jacobian(x, y):
    os.closerange(0, 1024)
