"""Looks for what an earlier submission left in shared memory, queues, semaphores and keyrings, and leaves something.

verdict: ACCEPTED
needs: x86_64
"""

import ctypes

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)


def denied(number, *arguments):
    ctypes.set_errno(0)
    return libc.syscall(number, *arguments) == -1 and ctypes.get_errno() == 1


def manual_jacobian(x, y):
    held = [
        denied(29, 0x1234, 4096, 0o1666), denied(30, 0, 0, 0), denied(31, 0, 0, 0), denied(64, 0x1234, 1, 0o1666),
        denied(68, 0x1234, 0o1666), denied(240, b"queue", 0o102, 0o666, 0), denied(250, 0, -4, 0),
        denied(248, b"user", b"name", b"data", 4, -4), denied(249, b"user", b"name", 0, -4),
    ]  # fmt: skip
    try:
        with open("/dev/shm/left", "w+", encoding="utf-8") as file:
            held.append(file.write("x") == 0)
    except OSError:
        pass
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]]) if all(held) else repr(held)
