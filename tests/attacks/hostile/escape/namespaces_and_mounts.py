"""Makes namespaces, enters others, mounts, unmounts and changes its root.

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
    flags = (0x10000000, 0x20000, 0x20000000, 0x40000000, 0x8000000, 0x4000000, 0x2000000, 0x80, 0x400, 0x200)
    held = [denied(272, flag) for flag in flags] + [denied(308, 3, flag) for flag in (0, *flags)]
    held += [denied(number, b"/", b"/", b"tmpfs", 0, 0) for number in (165, 166, 155, 161, 169, 167, 168)]
    held += [denied(number, -100, b"/", 0, 0, 0) for number in (428, 429, 430, 431, 432, 433, 442)]
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if all(held) else repr(held)
