"""Sends twenty replies at import, before anything was asked.

verdict: RUNTIME_ERROR
"""

import os
import struct
import sys

body = sys.modules["msgspec"].msgpack.encode({"type": "returned", "value": {"type": "none"}})
for descriptor in range(3, 64):
    try:
        os.write(descriptor, (struct.pack("<I", len(body)) + body) * 20)
    except OSError:
        pass


def manual_jacobian(x, y):
    return None
