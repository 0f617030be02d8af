"""Asks for files that are not there until its time is up: the kernel remembers each of the names.

verdict: TIME_LIMIT_EXCEEDED
"""

import os


def manual_jacobian(x, y):
    number = 0
    folder = os.path.dirname(os.__file__)
    while True:
        try:
            os.stat(f"{folder}/{'x' * 200}{number}")
        except OSError:
            number += 1
