"""Makes pipes, sockets and files without a name, whose numbers all processes count on together.

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
        denied(22, buffer),
        denied(293, buffer, 0),
        denied(53, 1, 1, 0, buffer),
        denied(41, 1, 1, 0),
        denied(284, 0),
        denied(290, 0, 0),
        denied(213, 1),
        denied(319, b"name", 0),
        denied(283, 0, 0),
    ))
    os.close(file)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if held else "LEAK"
