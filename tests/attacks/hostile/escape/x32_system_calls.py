"""Uses the numbers of the x32 architecture, which a filter may forget: the kernel ends the program.

verdict: RUNTIME_ERROR
needs: x86_64
"""

import ctypes

libc = ctypes.CDLL(None, use_errno=True)


def manual_jacobian(x, y):
    return libc.syscall(0x40000000 | 57), libc.syscall(0x40000000 | 520)
