"""The worker of a student's own check: it is there at once, by what was found out of this machine when the last one started.

Of a class run each worker finds it out itself. Here the machine, and what is kept on it, is the student's own.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from grader.grading.kept import keep, kept, place_of
from grader.sandbox.machine import Machine
from grader.sandbox.workers import Zygote

if TYPE_CHECKING:
    from grader.sandbox.launch import Launched

__all__ = ["begun", "ended"]


class _Known(msgspec.Struct, frozen=True):
    """A machine, and what it was like when that was found out."""

    state: str
    machine: Machine


def begun(process: Launched) -> Zygote:
    """A worker with numpy alone, of a process that has begun; it is there for a few programs of one student."""
    known = kept(_place(), _Known)
    machine = known.machine if known and known.state == _state() else Machine.found()
    return Zygote((), process, machine=machine, few=True)


def ended(worker: Zygote) -> None:
    """End it, and keep what it has found out."""
    worker.close()
    if worker.machine.shared_objects:
        known = _Known(_state(), worker.machine)
        if kept(_place(), _Known) != known:
            keep(_place(), known)


def _place() -> Path | None:
    return place_of("machine", "python", Path(sys.executable))


def _state() -> str:
    """What decides which shared objects there are, and which filters are made: Python, numpy, the system's libraries, our policy."""
    system = os.uname() if hasattr(os, "uname") else ()
    places = (
        Path("/etc/ld.so.cache"), Path(os.__file__).with_name("lib-dynload"), Path(np.__file__), Path(msgspec.__file__),
        Path(__file__).parents[1] / "sandbox" / "seccomp.py",
    )  # fmt: skip
    stats = []
    for place in places:
        with contextlib.suppress(OSError):
            found = place.stat()
            stats.append((str(place), found.st_size, found.st_mtime_ns))
    return repr((sys.version, *system, *stats))
