"""Sends an array by hand whose shape and dtype do not go with its bytes.

verdict: RUNTIME_ERROR
"""

import os
import struct
import sys

encode = sys.modules["msgspec"].msgpack.encode


def manual_jacobian(x, y):
    value = {"type": "array", "dtype": "<f8", "shape": [3, 2**40], "data": bytes(48)}
    body = encode({"type": "returned", "value": value})
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<I", len(body)) + body)
        except OSError:
            pass
