"""Stops itself, and where it may not, waits for a signal that never comes.

verdict: TIME_LIMIT_EXCEEDED
"""

import os
import signal


def manual_jacobian(x, y):
    for stop in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGTTIN):
        try:
            os.kill(os.getpid(), stop)
            signal.raise_signal(stop)
        except OSError:
            pass
    signal.pause()
