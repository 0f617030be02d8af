"""Sends an exception by hand that names arguments, lines and a file which do not exist.

verdict: RUNTIME_ERROR
"""

import os
import struct
import sys

encode = sys.modules["msgspec"].msgpack.encode


def manual_jacobian(x, y):
    raised = {
        "type": "raised", "kind": "ValueError", "message": "m", "chunk": "manual_jacobian.py", "line": -(2**40),
        "wrote": [-100, 2**40, 0, 0, 1, -1], "loading": True,
    }  # fmt: skip
    body = encode(raised)
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack("<I", len(body)) + body)
        except OSError:
            pass
    return 1
