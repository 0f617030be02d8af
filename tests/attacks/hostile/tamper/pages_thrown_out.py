"""Throws pages of shared files out of memory, for the next process to find them gone.

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
        *(denied(28, at, 4096, advice) for advice in (2, 9, 16, 17, 19, 20, 21, 24, 25)),
        *(denied(221, file, 0, 0, advice) for advice in range(6)),
        denied(440, file, buffer, 1, 21, 0),
        denied(277, file, 0, 4096, 7),
    ))
    os.close(file)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if held else "LEAK"
