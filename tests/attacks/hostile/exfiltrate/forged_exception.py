"""Sends, by hand, an exception whose every field is made of hidden inputs, and which claims to come from loading.

verdict: RUNTIME_ERROR
"""

import os
import struct
import sys

import numpy as np

encode = sys.modules["msgspec"].msgpack.encode


def manual_jacobian(x, y):
    if (x, y) != (1.0, 2.0):
        text = f"LEAK {x!r} {y!r}"
        digits = [int(digit) % 2 for digit in repr(x) if digit.isdigit()][:8]
        raised = {
            "type": "raised", "kind": text, "message": text, "chunk": text, "line": int(y * 10**9), "wrote": digits,
            "loading": True,
        }  # fmt: skip
        body = encode(raised)
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, struct.pack("<I", len(body)) + body)
            except OSError:
                pass
    return np.array([[2 * x, 1.0], [y, x], [np.exp(x), 0.0]])
