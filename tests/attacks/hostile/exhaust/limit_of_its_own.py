"""Lowers its own limit of time, so that the kernel kills it as somebody else would, who would be blamed; without, it loops.

verdict: TIME_LIMIT_EXCEEDED
"""

import contextlib
import ctypes
import resource
import signal

SECOND = (ctypes.c_uint64 * 2)(0, 0)


def manual_jacobian(x, y):
    signal.signal(signal.SIGXCPU, signal.SIG_IGN)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CPU, (0, 0))
        raise SystemExit("lowered")
    if ctypes.CDLL(None).prlimit(0, resource.RLIMIT_CPU, SECOND, None) == 0:
        raise SystemExit("lowered")
    while True:
        x = -x
