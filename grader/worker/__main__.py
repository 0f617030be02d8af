"""Start a worker: `python -m grader.worker CONTROL`, or without an argument where a process cannot fork; see `zygote`."""

from __future__ import annotations

import gc
import os
import socket
import sys


def _go_on_apart(control: socket.socket) -> tuple[bool, int]:
    """Go on in namespaces, if there are any, before the process is large; and where to name the files that are to be read.

    The process that stays behind reads them: it would have nothing else to do.
    """
    from grader.worker import lock, namespaces  # noqa: PLC0415  what is small

    for_reading, to_read = os.pipe()
    apart = namespaces.enter(control.fileno(), lambda: lock.read_what_is_named(for_reading, to_read))
    os.close(for_reading)
    return apart, to_read


if __name__ == "__main__":
    # Nothing that an import makes is garbage; it is looked for from then on when all that children share is there.
    gc.disable()
    if sys.argv[1:]:
        control = socket.socket(fileno=int(sys.argv[1]))
        apart, to_read = _go_on_apart(control)

        from grader.worker import heap

        heap.keep_objects_together()

        from grader.worker.zygote import zygote

        zygote(control, apart=apart, to_read=to_read)
    else:
        from grader.worker.zygote import single

        single()
