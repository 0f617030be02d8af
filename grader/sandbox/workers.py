"""The processes that student code runs in: a worker that forks a child for each program, or a process for each."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from grader.errors import GraderError
from grader.sandbox import cgroup, launch
from grader.sandbox.machine import Machine
from grader.sandbox.priority import niceness, step_back
from grader.sandbox.starting import piped
from grader.sandbox.unnamed import unnamed_file
from grader.wire import messages as wire

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Sequence

    from grader.sandbox.launch import Launched

__all__ = ["Ends", "Single", "Worker", "WorkerError", "Zygote"]

_PATIENCE = 30.0
"""Seconds to wait for the worker itself, which runs no student code: reached only on a machine in trouble."""
_PATIENCE_AT_START = 240.0
"""The same until it has started: it imports what programs may, which a machine that does much else takes many times as long for."""


_SOME_TICKS = 0.02
"""Seconds in which a running process's time moves on, also where there are a hundred ticks in a second."""


_LAST = 5
"""How much nicer is what waits for all else."""
_MOMENT = 0.1
"""Seconds in which a thread that is ready to run surely has run, also on a busy machine."""


class WorkerError(GraderError):
    """The worker failed; that is never a student's fault."""


class Ends(msgspec.Struct, frozen=True):
    """Our ends of what a child is connected by, as descriptors, which whoever asked for the child closes."""

    requests: int
    replies: int
    output: int
    """The file that it prints into."""

    def close(self) -> None:
        """Let go of all of them."""
        for descriptor in (self.requests, self.replies, self.output):
            os.close(descriptor)


class Worker(Protocol):
    """A source of children: the zygote, or a process for each."""

    layers: tuple[str, ...]
    polls: bool
    niceness: int
    """By which its children let others go first."""

    def spawn(self, spawn: wire.Spawn, wall_seconds: float) -> Ends:
        """Start a child. Raises WorkerError."""

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


_read: set[tuple[str, ...]] = set()
"""The packages that a worker of this process has read, once for all workers."""


def _start(packages: Sequence[str], machine: Machine, *, few: bool = False) -> bytes:
    """The first message to a worker; one for a few programs of one student has nothing to hide from another's."""
    wanted = tuple(packages)
    first = wanted not in _read and not few
    if first:
        _read.add(wanted)
    return msgspec.json.encode(wire.Start(
        wanted, machine.zygote_filter, machine.child_filter, read_once=first, many=not few, shared_objects=machine.shared_objects
    ))  # fmt: skip


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


class Zygote:
    """The forking worker, behind a socket that keeps messages apart and carries descriptors."""

    polls = True
    layers: tuple[str, ...] = ()
    niceness = 0

    def __init__(
        self,
        packages: Sequence[str],
        begun: Launched | None = None,
        *,
        machine: Machine | None = None,
        few: bool = False,
    ) -> None:
        """Start a worker that imports `packages` before it locks itself, of a process that has begun if there is one.

        What is known of the `machine` is not found out again. Of a worker for a `few` programs of one student nothing is done ahead. It
        may be killed and closed before it is ready.
        """
        begun = begun or launch.launched()
        self.machine = machine or Machine.found()
        self._control, self._process, self._errors = begun.control, begun.process, begun.errors
        self._control.settimeout(_PATIENCE_AT_START)
        self._released = False
        self._few = few
        self._asked: wire.Spawn | None = None
        self._ahead: Ends | None = None
        # Before the worker forks anything, which it does when told to start.
        self._group = _cgroup(self._process.pid)
        with contextlib.suppress(OSError):  # of one that has ended, which will say nothing either
            self._control.send(_start(packages, self.machine, few=few))

    def wait(self) -> None:
        """Wait until it is locked, and its layers are known. Raises WorkerError, and then it has ended."""
        try:
            ready = msgspec.json.decode(self._receive(), type=wire.Ready)
        except WorkerError as error:
            self._errors.seek(0)
            said = self._errors.read().decode(errors="replace")[-2000:].strip()
            self.close()
            raise WorkerError(f"{error}: {said}") from None
        self._errors.close()
        self._control.settimeout(_PATIENCE)
        self.layers = ("cgroup", *ready.layers) if self._group else ready.layers
        self.machine = msgspec.structs.replace(self.machine, shared_objects=ready.shared_objects)
        self._zygote = _last_of_line(self._process.pid)
        if niceness() > 0:
            self._let_others_go_first(niceness())  # its session would not

    def _receive(self) -> bytes:
        try:
            message = self._control.recv(65536)
        except OSError as error:
            raise WorkerError(f"the worker does not answer ({error})") from None
        if not message:
            raise WorkerError("the worker ended")
        return message

    def spawn(self, spawn: wire.Spawn, wall_seconds: float) -> Ends:  # noqa: ARG002
        """Fork a child, or take the one that was forked ahead."""
        self._settle()
        ahead, self._ahead = self._ahead, None
        if ahead is not None and spawn == self._asked:
            return ahead
        if ahead is not None:
            ahead.close()
            self._end()
            self._settle()
        self._asked = spawn
        return self._forked(spawn)

    def _forked(self, spawn: wire.Spawn) -> Ends:
        """A child, as soon as the worker gets to it."""
        try:
            if self._group:
                self._group.allow(spawn.memory_bytes)
        except OSError as error:
            raise WorkerError(f"the worker's cgroup is gone ({error})") from None
        output = unnamed_file()
        request_read, request_write = os.pipe()
        reply_read, reply_write = os.pipe()
        ends = Ends(request_write, reply_read, output)
        try:
            socket.send_fds(self._control, [msgspec.json.encode(spawn)], [request_read, reply_write, output])
        except OSError as error:
            ends.close()
            raise WorkerError(f"the worker ended ({error})") from None
        finally:
            os.close(request_read)
            os.close(reply_write)
        os.set_blocking(request_write, False)
        os.set_blocking(reply_read, False)
        return ends

    def reap(self) -> wire.Ended:
        """End the child and say how it ended."""
        self._end()
        self._released = False
        return msgspec.json.decode(self._receive(), type=wire.Ended)

    def release(self) -> None:
        """End the child, without waiting: taking its memory apart takes as long as judging what it said.

        The next one, which most often is asked for under the same limits, is forked and locked meanwhile too: after the end of this
        one, so that no program of a student's ever runs beside it.
        """
        self._end()
        if self._asked is not None and not self._few:
            self._ahead = self._forked(self._asked)

    def _end(self) -> None:
        """Have the child ended."""
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
        self._let_others_go_first(niceness() + _LAST)

    def _let_others_go_first(self, by: int) -> None:
        self.niceness = by
        step_back(self._process.pid, by)

    def kill(self) -> None:
        """Kill the worker and, with it, its child; from any thread."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End the worker and let go of it."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None
        self._control.close()
        self._errors.close()
        if self._process.returncode is None:
            self.kill()
            self._process.wait()
        if self._group:
            self._group.close()


class Single:
    """A process for each child, where processes cannot fork (Windows): slower, and guarded by the clock alone there."""

    polls = False
    layers: tuple[str, ...] = ()
    niceness = 0

    def __init__(self) -> None:
        """Start nothing yet."""
        self._process: subprocess.Popen[bytes] | None = None
        self._watchdog: threading.Timer | None = None
        self._cpu_before = 0.0

    def spawn(self, spawn: wire.Spawn, wall_seconds: float) -> Ends:
        """Start a process."""
        output = unnamed_file()
        try:
            requests, replies = self._started(spawn, output)
        except WorkerError:
            os.close(output)
            raise
        self._cpu_before = _cpu_seconds_of_children()
        # After the deadline of whoever asked, which is set a moment later than this: a death before it is taken for a crash.
        self._watchdog = threading.Timer(wall_seconds + _MOMENT, self.kill)
        self._watchdog.start()
        return Ends(os.dup(requests), os.dup(replies), output)

    def _started(self, spawn: wire.Spawn, output: int) -> tuple[int, int]:
        """The pipes of a process that is ready. Raises WorkerError."""
        self._process = piped(launch.COMMAND, output, launch.environment())
        if self._process.stdin is None or self._process.stdout is None:
            raise WorkerError("the worker has no pipes")
        requests, replies = self._process.stdin.fileno(), self._process.stdout.fileno()
        body = None
        with contextlib.suppress(OSError, wire.WireError):
            wire.write_frame(requests, wire.frame(_start((), Machine.found())))
            wire.write_frame(requests, wire.frame(msgspec.json.encode(spawn)))
            body = wire.read_frame(lambda count: os.read(replies, count))
        if body is None:
            self._process.kill()
            self._process.communicate()
            raise WorkerError("the worker ended as it started")
        self.layers = msgspec.json.decode(body, type=wire.Ready).layers
        return requests, replies

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
