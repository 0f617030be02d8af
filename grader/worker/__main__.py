"""Start a worker: `python -m grader.worker CONTROL`, or without an argument where a process cannot fork; see `zygote`."""

from __future__ import annotations

import gc
import socket
import sys

if __name__ == "__main__":
    # Nothing that an import makes is garbage; it is looked for from then on when all that children share is there.
    gc.disable()
    from grader.worker.zygote import single, zygote

    if sys.argv[1:]:
        zygote(socket.socket(fileno=int(sys.argv[1])))
    else:
        single()
