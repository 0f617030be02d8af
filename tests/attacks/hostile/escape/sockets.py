"""Opens sockets of every family and type, and pairs of them.

verdict: ACCEPTED
needs: x86_64
"""

import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def denied(number, *arguments):
    ctypes.set_errno(0)
    return libc.syscall(number, *arguments) == -1 and ctypes.get_errno() == 1


def manual_jacobian(x, y):
    pair = (ctypes.c_int * 2)()
    held = [denied(41, family, kind, 0) for family in range(46) for kind in (1, 2, 3, 5)]
    held += [denied(53, 1, kind, 0, pair) for kind in (1, 2, 5)]
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if all(held) else repr(held)
