"""The start of a worker's process, before anything is known of what it is for. It imports what is quick to import alone."""

from __future__ import annotations

import os
import socket
import sys
from typing import IO, TYPE_CHECKING, NamedTuple

from grader.sandbox.starting import connected
from grader.sandbox.unnamed import unnamed_file

if TYPE_CHECKING:
    import subprocess

__all__ = ["COMMAND", "Launched", "environment", "launched"]

# As -I, but that the hash seed counts: without a fixed one, an answer that goes through a set may differ in a regrade.
COMMAND = [sys.executable, "-s", "-P", "-X", "utf8", "-m", "grader.worker"]


class Launched(NamedTuple):
    """A process that waits to be told what to import, this end of its socket, and what it says of its faults."""

    process: subprocess.Popen[bytes]
    control: socket.socket
    errors: IO[bytes]


def environment() -> dict[str, str]:
    """Nothing but what Python, BLAS and Windows need: the parent's environment may hold secrets."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return kept | threads | {"PYTHONHASHSEED": "0"}


def launched() -> Launched:
    """A worker's process. Raises OSError."""
    control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    errors = open(unnamed_file(), "w+b")  # noqa: PTH123, SIM115  a descriptor, closed by whoever waits for the worker
    with other:
        command = [*COMMAND, str(other.fileno())]
        process = connected(command, other.fileno(), errors=errors, folder="/", environment=environment())
    return Launched(process, control, errors)
