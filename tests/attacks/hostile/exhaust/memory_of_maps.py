"""Maps anonymous memory until there is none, and has none left to answer with.

verdict: MEMORY_LIMIT_EXCEEDED
"""

import mmap

kept = []


def manual_jacobian(x, y):
    size = 2**26
    while size >= 4096:
        try:
            area = mmap.mmap(-1, size)
            area[::4096] = b"x" * (size // 4096)
            kept.append(area)
        except (OSError, MemoryError):
            size //= 2
    return bytearray(2**26)
