"""Forks by the system calls themselves, with every set of flags.

verdict: ACCEPTED
needs: x86_64
"""

import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def denied(number, *arguments):
    ctypes.set_errno(0)
    return libc.syscall(number, *arguments) == -1 and ctypes.get_errno() in (1, 38)


def manual_jacobian(x, y):
    flags = (17, 0, 0x100 | 17, 0x4000 | 0x100 | 17, 0x10000000 | 17, 0x20000000 | 17, 0x7E020000 | 17, 0x50F00)
    arguments = ctypes.create_string_buffer(88)
    held = [denied(57), denied(58), denied(435, arguments, 88), *(denied(56, flag, 0, 0, 0, 0) for flag in flags)]
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if all(held) else repr(held)
