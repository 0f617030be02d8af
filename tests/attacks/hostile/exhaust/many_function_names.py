"""Sends, by hand, a hundred thousand names of functions that it claims to define, none of them the one asked for.

verdict: RUNTIME_ERROR
"""

import os
import struct
import sys

names = [f"manual_jacobia{number}" for number in range(10**5)]
body = sys.modules["msgspec"].msgpack.encode({"type": "loaded", "functions": names})
del names
frame = memoryview(struct.pack("<I", len(body)) + body)
for descriptor in range(3, 64):
    try:
        while frame:
            frame = frame[os.write(descriptor, frame) :]
    except OSError:
        pass
