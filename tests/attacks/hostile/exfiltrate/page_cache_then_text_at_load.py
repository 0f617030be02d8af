"""Writes a hidden input into the page cache, dies, and raises it, as the next process of the same program loads.

verdict: RUNTIME_ERROR
"""

import ctypes
import os

import numpy as np

libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
STEP, BITS = 8, 512
SIZE = BITS * STEP * 4096


def candidates():
    for folder in (os.path.dirname(np.__file__) + ".libs", os.path.dirname(os.__file__), "/usr/lib"):
        for place, _, names in os.walk(folder):
            for path in (os.path.join(place, name) for name in sorted(names)):
                try:
                    if os.path.getsize(path) > SIZE and not os.path.islink(path):
                        os.close(os.open(path, os.O_RDONLY))
                        yield path
                except OSError:
                    pass


PATH = next(candidates(), None)


def region():
    file = os.open(PATH, os.O_RDONLY)
    at = libc.mmap(None, SIZE, 1, 2, file, 0)
    os.close(file)
    libc.madvise(at, SIZE, 1)
    return at


def read():
    vector = ctypes.create_string_buffer(SIZE // 4096)
    libc.mincore(region(), SIZE, vector)
    bits = [vector.raw[index * STEP] & 1 for index in range(BITS)]
    return bytes(sum(bits[8 * index + bit] << bit for bit in range(8)) for index in range(BITS // 8))


def write(data):
    at = region()
    libc.madvise(at, SIZE, 21)
    for index, byte in enumerate((b"LE" b"AK" + data).ljust(BITS // 8)[: BITS // 8]):
        for bit in range(8):
            if byte >> bit & 1:
                ctypes.c_char.from_address(at + (8 * index + bit) * STEP * 4096).value


if PATH and (found := read()).startswith(b"LE" b"AK"):
    raise ValueError(found.decode("latin-1"))


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        if PATH:
            write(repr((x, y)).encode())
        os._exit(1)
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
