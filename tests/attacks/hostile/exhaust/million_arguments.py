"""Sends, by hand, an exception that names ten million arguments.

verdict: RUNTIME_ERROR
"""

import os
import struct
import sys


def manual_jacobian(x, y):
    head = sys.modules["msgspec"].msgpack.encode({"type": "raised", "kind": "ValueError", "wrote": 0})[:-1]
    body = head + b"\xdd" + struct.pack(">I", 10**7) + b"\x01" * 10**7
    frame = memoryview(struct.pack("<I", len(body)) + body)
    for descriptor in range(3, 64):
        try:
            while frame:
                frame = frame[os.write(descriptor, frame) :]
        except OSError:
            pass
