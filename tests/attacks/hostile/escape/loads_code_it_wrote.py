"""Loads machine code as a shared object that it has written somewhere first.

verdict: ACCEPTED
"""

import ctypes
import os

import numpy as np


def manual_jacobian(x, y):
    done = []
    for folder in ("/tmp", "/dev/shm", "/var/tmp", ".", "@canaries@"):
        try:
            with open(f"{folder}/evil.so", "wb") as file:
                file.write(b"\x7fELF")
            done.append(folder)
        except OSError:
            pass
    try:
        descriptor = os.memfd_create("evil")
        done.append(descriptor)
        ctypes.CDLL(f"/proc/self/fd/{descriptor}")
    except OSError:
        pass
    return repr(done) if done else np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
