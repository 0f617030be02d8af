"""Sends and receives on every descriptor as if it were a socket, to pass descriptors out or get some.

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
    message = ctypes.create_string_buffer(64)
    calls = (44, 45, 46, 47, 299, 307, 42, 43, 49, 50, 51, 52, 54, 55, 288)
    held = [denied(number, descriptor, message, 0, 0, 0, 0) for number in calls for descriptor in range(8)]
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if all(held) else repr(held)
