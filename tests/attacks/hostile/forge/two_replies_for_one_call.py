"""Answers each call rightly and sends a guess at the next answer behind it.

The guess becomes the answer to the next call, which is another point.

verdict: WRONG_ANSWER
"""

import os
import struct
import sys

import numpy as np

encode = sys.modules["msgspec"].msgpack.encode


def manual_jacobian(x, y):
    right = np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
    value = {"type": "array", "dtype": "<f8", "shape": [3, 2], "data": right.tobytes()}
    body = encode({"type": "returned", "value": value})
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, (struct.pack("<I", len(body)) + body) * 2)
        except OSError:
            pass
    return right
