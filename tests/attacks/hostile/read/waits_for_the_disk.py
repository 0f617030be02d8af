"""Asks how often reading had to wait for the disk, and how much memory the machine has left.

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
        denied(98, 0, buffer),
        denied(98, 1, buffer),
        denied(99, buffer),
        denied(139, 1, 0, 0),
    ))
    os.close(file)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if held else "LEAK"
