"""Reads the memory of the worker and of process 1, with ptrace and process_vm_readv.

verdict: ACCEPTED
needs: x86_64
"""

import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def denied(number, *arguments):
    ctypes.set_errno(0)
    return libc.syscall(number, *arguments) == -1 and ctypes.get_errno() == 1


def manual_jacobian(x, y):
    buffer = ctypes.create_string_buffer(64)
    local = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 64)
    remote = (ctypes.c_void_p * 2)(id(np), 64)
    held = all(
        denied(310, process, local, 1, remote, 1, 0)
        and denied(311, process, local, 1, remote, 1, 0)
        and denied(101, 16, process, 0, 0)
        and denied(101, 0x4206, process, 0, 0)
        and denied(312, os.getpid(), process, 2, 0, 1)
        for process in (os.getppid(), 1, 2, os.getpid())
    )
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if held else bytes(buffer).hex()
