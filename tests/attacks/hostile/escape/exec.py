"""Becomes another program: by path, by descriptor, out of memory, and through the C library.

verdict: ACCEPTED
needs: x86_64
"""

import ctypes
import os
import sys

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def denied(number, *arguments):
    ctypes.set_errno(0)
    return libc.syscall(number, *arguments) == -1 and ctypes.get_errno() == 1


def manual_jacobian(x, y):
    held = []
    for path in ("/bin/sh", "/usr/bin/env", sys.executable, "/lib64/ld-linux-x86-64.so.2"):
        try:
            os.execv(path, [path, "-c", "touch @canaries@/pwned"])
        except OSError:
            held.append(True)
    held += [denied(59, b"/bin/sh", None, None), denied(322, 3, b"", None, None, 0x1000), denied(319, b"code", 0)]
    held.append(libc.system(b"touch @canaries@/pwned") != 0)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if all(held) else repr(held)
