"""The processes that student code runs in: a worker that forks a child for each program, or a process for each."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from grader.errors import GraderError
from grader.sandbox import cgroup, seccomp
from grader.wire import messages as wire

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Single", "Worker", "WorkerError", "Zygote"]

_PATIENCE = 30.0
"""Seconds to wait for the worker itself, which runs no student code: reached only on a machine in trouble."""


_SOME_TICKS = 0.02
"""Seconds in which a running process's time moves on, also where there are a hundred ticks in a second."""


_LAST = 5
"""The niceness of what waits for all else."""


class WorkerError(GraderError):
    """The worker failed; that is never a student's fault."""


class Worker(Protocol):
    """A source of children: the zygote, or a process for each."""

    layers: tuple[str, ...]
    polls: bool

    def spawn(self, spawn: wire.Spawn, wall_seconds: float, output: int) -> tuple[int, int]:
        """Start a child whose output goes to `output`; returns the descriptors for requests and replies."""

    def reap(self) -> wire.Ended:
        """End the child, if it has not ended, and say how it did."""

    def release(self) -> None:
        """End the child, if it has not ended, before another is started."""

    def kept_waiting(self) -> tuple[float, bool]:
        """For how many seconds the child could have run but others did, up to when it last ran; and whether it is so now.

        (0, False) where that cannot be told.
        """

    def cpu_seconds(self) -> float | None:
        """The processor time of the worker and all of its children up to now; None where that cannot be told."""

    def step_back(self) -> None:
        """Let all else on the machine go first."""

    def kill(self) -> None:
        """Kill all there is; from any thread."""

    def close(self) -> None:
        """End, and let go of all there is."""


def _environment() -> dict[str, str]:
    """Nothing but what Python, BLAS and Windows need: the parent's environment may hold secrets."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")
    return kept | threads | {"PYTHONHASHSEED": "0"}


_read: set[tuple[str, ...]] = set()
"""The packages that a worker of this process has read, once for all workers."""


def _start(packages: Sequence[str]) -> bytes:
    """The first message to a worker."""
    wanted = tuple(packages)
    first = wanted not in _read
    _read.add(wanted)
    return msgspec.json.encode(wire.Start(wanted, seccomp.zygote_filter(), seccomp.child_filter(), first))


def _cpu_seconds_of_children() -> float:
    """What the processes that have ended used, in seconds; 0 on Windows, which does not say."""
    times = os.times()
    return times.children_user + times.children_system


def _cgroup(process: int) -> cgroup.Group | None:
    """A cgroup with a worker in it, where the system has delegated one and it takes."""
    parent = cgroup.delegated()
    if parent is None:
        return None
    try:
        group = cgroup.Group(parent)
    except OSError:
        return None
    try:
        group.add(process)
        group.allow(0)
    except OSError:
        group.close()
        return None
    return group


def _children(process: int) -> list[int]:
    """The children of a process's first thread; none where the kernel does not say."""
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_bytes().split()]
    except OSError:
        return []


def _cpu_seconds(process: int) -> float:
    """What a process and the children that it has seen end have used. Raises OSError, ValueError, IndexError."""
    # The name, in parentheses, may hold anything.
    fields = Path(f"/proc/{process}/stat").read_bytes().rpartition(b")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _last_of_line(process: int) -> int:
    """The process itself, or the last that descends from it: with namespaces, a worker is a child's child."""
    while found := _children(process):
        process = found[0]
    return process


# As -I, but that the hash seed counts: without a fixed one, an answer that goes through a set may differ in a regrade.
_COMMAND = [sys.executable, "-s", "-P", "-X", "utf8", "-m", "grader.worker"]


class Zygote:
    """The forking worker, behind a socket that keeps messages apart and carries descriptors."""

    polls = True

    def __init__(self, packages: Sequence[str]) -> None:
        """Start a worker that imports `packages` before it locks itself. Raises WorkerError."""
        self._control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_PATIENCE)
        self._released = False
        with other, tempfile.TemporaryFile() as errors:
            self._process = subprocess.Popen(  # noqa: S603  our own module
                [*_COMMAND, str(other.fileno())],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                cwd="/", env=_environment(), pass_fds=[other.fileno()], start_new_session=True,
            )  # fmt: skip
            other.close()
            # Before the worker forks anything, which it does when told to start.
            self._group = _cgroup(self._process.pid)
            try:
                self._control.send(_start(packages))
                layers = msgspec.json.decode(self._receive(), type=wire.Ready).layers
                self.layers = ("cgroup", *layers) if self._group else layers
                self._zygote = _last_of_line(self._process.pid)
            except (WorkerError, OSError) as error:
                self.close()
                errors.seek(0)
                raise WorkerError(f"{error}: {errors.read().decode(errors='replace')[-2000:].strip()}") from None

    def _receive(self) -> bytes:
        try:
            message = self._control.recv(65536)
        except OSError as error:
            raise WorkerError(f"the worker does not answer ({error})") from None
        if not message:
            raise WorkerError("the worker ended")
        return message

    def spawn(self, spawn: wire.Spawn, wall_seconds: float, output: int) -> tuple[int, int]:  # noqa: ARG002
        """Fork a child; returns the descriptors for requests and replies."""
        self._settle()
        try:
            if self._group:
                self._group.allow(spawn.memory_bytes)
        except OSError as error:
            raise WorkerError(f"the worker's cgroup is gone ({error})") from None
        request_read, request_write = os.pipe()
        reply_read, reply_write = os.pipe()
        try:
            socket.send_fds(self._control, [msgspec.json.encode(spawn)], [request_read, reply_write, output])
        except OSError as error:
            os.close(request_write)
            os.close(reply_read)
            raise WorkerError(f"the worker ended ({error})") from None
        finally:
            os.close(request_read)
            os.close(reply_write)
        os.set_blocking(request_write, False)
        os.set_blocking(reply_read, False)
        return request_write, reply_read

    def reap(self) -> wire.Ended:
        """End the child and say how it ended."""
        self.release()
        self._released = False
        return msgspec.json.decode(self._receive(), type=wire.Ended)

    def release(self) -> None:
        """End the child, without waiting: taking its memory apart takes as long as judging what it said."""
        self._settle()
        try:
            self._control.send(wire.REAP)
        except OSError as error:
            raise WorkerError(f"the worker ended ({error})") from None
        self._released = True

    def _settle(self) -> None:
        """Wait for the end of a child that was released."""
        if self._released:
            self._released = False
            self._receive()

    def kept_waiting(self) -> tuple[float, bool]:
        """What the kernel says of the child's time on a queue for a processor."""
        try:
            place = Path("/proc", str(_children(self._zygote)[0]))
            before = (place / "schedstat").read_bytes()
            # Its time on a processor is counted in ticks; while it waits for one it can run, and no tick is counted.
            time.sleep(_SOME_TICKS)
            waits = before == (place / "schedstat").read_bytes() and b") R " in (place / "stat").read_bytes()
            return int(before.split()[1]) / 1e9, waits
        except (OSError, IndexError):
            return 0.0, False

    def cpu_seconds(self) -> float | None:
        """What the kernel says of the worker, of the children that have ended and of the one that runs."""
        try:
            return sum(_cpu_seconds(process) for process in (self._zygote, *_children(self._zygote)))
        except (OSError, ValueError, IndexError):
            return None

    def step_back(self) -> None:
        """Lower the priority of the worker, which each child inherits."""
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PGRP, self._process.pid, _LAST)

    def kill(self) -> None:
        """Kill the worker and, with it, its child; from any thread."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the worker and let go of it."""
        self._control.close()
        self.kill()
        self._process.wait()
        if self._group:
            self._group.close()


class Single:
    """A process for each child, where processes cannot fork (Windows): slower, and guarded by the clock alone there."""

    polls = False
    layers: tuple[str, ...] = ()

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: threading.Timer | None = None
        self._cpu_before = 0.0

    def spawn(self, spawn: wire.Spawn, wall_seconds: float, output: int) -> tuple[int, int]:
        """Start a process; returns the descriptors for requests and replies."""
        self._process = subprocess.Popen(  # noqa: S603  our own module
            _COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output, env=_environment(), bufsize=0
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise WorkerError("the worker has no pipes")
        requests, replies = self._process.stdin.fileno(), self._process.stdout.fileno()
        body = None
        with contextlib.suppress(OSError, wire.WireError):
            wire.write_frame(requests, wire.frame(_start(())))
            wire.write_frame(requests, wire.frame(msgspec.json.encode(spawn)))
            body = wire.read_frame(lambda count: os.read(replies, count))
        if body is None:
            self._process.kill()
            self._process.communicate()
            raise WorkerError("the worker ended as it started")
        self.layers = msgspec.json.decode(body, type=wire.Ready).layers
        self._cpu_before = _cpu_seconds_of_children()
        self._watchdog = threading.Timer(wall_seconds, self._process.kill)
        self._watchdog.start()
        return os.dup(requests), os.dup(replies)

    def reap(self) -> wire.Ended:
        """End the process and say how it ended."""
        process, self._process = self._process, None
        if process is None or self._watchdog is None:
            raise WorkerError("no child to end")
        self._watchdog.cancel()
        process.kill()
        process.communicate()
        return wire.Ended(process.returncode, _cpu_seconds_of_children() - self._cpu_before)

    def release(self) -> None:
        """End the process."""
        self.reap()

    def kept_waiting(self) -> tuple[float, bool]:
        """Not told: the watchdog's time is a program's time."""
        return 0.0, False

    def cpu_seconds(self) -> float | None:
        """Not told: a process of each program's own is looked at when it has ended."""
        return None

    def step_back(self) -> None:
        """Windows has no such numbers."""

    def kill(self) -> None:
        """Kill the child; from any thread."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Nothing outlives a child here."""
