"""Writes well-formed replies with zeros to every open descriptor before it answers rightly.

A reply counts in the order in which it comes: the zeros are the answer.

verdict: WRONG_ANSWER
"""

import os
import struct
import sys

import numpy as np

encode = sys.modules["msgspec"].msgpack.encode


def manual_jacobian(x, y):
    zeros = {"type": "array", "dtype": "<f8", "shape": [3, 2], "data": bytes(48)}
    body = encode({"type": "returned", "value": zeros})
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<I", len(body)) + body)
        except OSError:
            pass
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
