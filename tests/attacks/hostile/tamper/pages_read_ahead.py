"""Has pages of shared files read ahead, or one by one, for the next process to find them there.

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
        *(denied(28, at, 4096, advice) for advice in (1, 3, 22, 23)),
        denied(187, file, 0, 4096),
        denied(216, at, 4096, 0, 0, 0),
        denied(149, at, 4096),
        denied(325, at, 4096, 1),
    ))
    os.close(file)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if held else "LEAK"
