"""Replaces the functions that the worker reads and writes its frames with, and turns every reply into zeros.

verdict: WRONG_ANSWER
"""

import os
import struct
import sys

import numpy as np

encode = sys.modules["msgspec"].msgpack.encode
real_write = os.write


def forged(descriptor, data):
    if descriptor > 2:
        zeros = {"type": "array", "dtype": "<f8", "shape": [3, 2], "data": bytes(48)}
        body = encode({"type": "returned", "value": zeros})
        real_write(descriptor, struct.pack("<I", len(body)) + body)
        return len(data)
    return real_write(descriptor, data)


def manual_jacobian(x, y):
    os.write = forged
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
