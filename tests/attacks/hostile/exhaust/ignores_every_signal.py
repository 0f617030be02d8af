"""Blocks and handles every signal it may, and then loops.

verdict: TIME_LIMIT_EXCEEDED
"""

import signal


def manual_jacobian(x, y):
    for number in range(1, 65):
        try:
            signal.signal(number, lambda *_: None)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
