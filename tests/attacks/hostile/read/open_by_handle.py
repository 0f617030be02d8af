"""Opens files by handle, which passes by the permissions of the folders above.

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
    handle = ctypes.create_string_buffer(b"\x80\0\0\0", 136)
    number = ctypes.c_int()
    held = denied(303, -100, b"/", handle, ctypes.byref(number), 0) and denied(304, 3, handle, 0)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if held else "opened by handle"
