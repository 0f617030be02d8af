"""Asks which pages of the files that all processes share are in memory.

verdict: ACCEPTED
needs: x86_64
"""

import ctypes
import mmap
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def denied(number, *arguments):
    ctypes.set_errno(0)
    return libc.syscall(number, *arguments) == -1 and ctypes.get_errno() in (1, 38)


def manual_jacobian(x, y):
    file = os.open(os.__file__, os.O_RDONLY)
    memory = mmap.mmap(-1, 8192)
    at = ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(memory)))
    buffer = ctypes.create_string_buffer(512)
    held = all((
        denied(27, at, 4096, buffer),
        denied(451, file, buffer, buffer, 0),
        denied(327, file, buffer, 1, 0, 0, 8),
        denied(303, -100, b"/", buffer, buffer, 0),
    ))
    os.close(file)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if held else "LEAK"
