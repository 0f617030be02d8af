"""Sends, by hand, the names that are special to the grader, with hidden inputs as their message.

verdict: RUNTIME_ERROR
"""

import os
import struct
import sys

import numpy as np

encode = sys.modules["msgspec"].msgpack.encode


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        body = encode({"type": "raised", "kind": "MissingFunction", "message": f"manual_jacobian {x!r}, LEAK {y!r}"})
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, struct.pack("<I", len(body)) + body)
            except OSError:
                pass
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
