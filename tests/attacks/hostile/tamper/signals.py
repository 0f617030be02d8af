"""Stops, kills and signals the worker, the grader, everything, in every way there is.

verdict: ACCEPTED
needs: x86_64
"""

import ctypes
import os
import signal

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def denied(number, *arguments):
    ctypes.set_errno(0)
    return libc.syscall(number, *arguments) == -1 and ctypes.get_errno() == 1


def manual_jacobian(x, y):
    information = ctypes.create_string_buffer(128)
    held = []
    for process in (os.getppid(), 1, -1, 0, -os.getpgrp(), os.getpid()):
        for number in (0, signal.SIGSTOP, signal.SIGKILL, signal.SIGTERM):
            held += [
                denied(62, process, number), denied(200, process, number), denied(234, process, process, number),
                denied(129, process, number, information), denied(297, process, process, number, information),
            ]  # fmt: skip
        held += [denied(434, process, 0), denied(424, 3, signal.SIGKILL, 0, 0)]
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if all(held) else repr(held)
