"""Calls every system call by its number, but for those that Python and numpy need: each is refused.

verdict: ACCEPTED
needs: x86_64
"""

import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
NEEDED = {
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 27, 28, 32, 33, 34, 35, 36,
    37, 38, 39, 60, 63, 72, 79, 80, 89, 95, 96, 97, 98, 99, 100, 102, 104, 107, 108, 110, 111, 115, 118, 120, 127, 128,
    130, 131, 160, 186, 201, 217, 218, 219, 231, 257, 262, 267, 269, 270, 271, 273, 292, 293, 295, 302, 309, 318, 332,
    334, 439,
    335, 336,  # uretprobe and uprobe, which Linux hands past every filter, and which do nothing but end the program
}  # fmt: skip


def denied(number):
    ctypes.set_errno(0)
    return libc.syscall(number, -1, -1, -1, -1, -1, -1) == -1 and ctypes.get_errno() in (1, 38)


def manual_jacobian(x, y):
    done = [number for number in range(1024) if number not in NEEDED and not denied(number)]
    return repr(done) if done else np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
