"""Answers a call as if it had been told to load the program.

verdict: RUNTIME_ERROR
"""

import os
import struct
import sys

encode = sys.modules["msgspec"].msgpack.encode


def manual_jacobian(x, y):
    body = encode({"type": "loaded", "functions": ["manual_jacobian"]})
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<I", len(body)) + body)
        except OSError:
            pass
