"""Run a program's functions on inputs in the isolated worker: the only module that handles processes."""

from __future__ import annotations

import builtins
import contextlib
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, Self

import msgspec

from grader import cgroup, wire

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.course import Limits

__all__ = ["Batch", "Run", "Sandbox", "WorkerError"]

_PATIENCE = 30.0
"""Seconds to wait for the worker itself, which runs no student code: reached only on a machine in trouble."""

_ATTEMPTS = 3
_STOPS_ALLOWED = 2
_OUTPUT_SHOWN = 4096
_KILLED, _OUT_OF_TIME = 9, getattr(signal, "SIGXCPU", 24)  # Windows has no such signals, and no such deaths
_MESSAGE_SHOWN = 500
_ARGUMENTS_NAMED = 8


class WorkerError(Exception):
    """The worker failed; that is never a student's fault."""


class _TimeUpError(Exception):
    """The child did not answer before its wall limit."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Calls of one function that stand or fall together: the cases of one check."""

    function: str
    calls: tuple[wire.Call, ...]


@dataclass(frozen=True, slots=True)
class Run:
    """What came of a program: the outcomes of each batch (fewer than its calls after a stop), and the start of what it printed."""

    outcomes: tuple[tuple[wire.Outcome, ...], ...]
    printed: str


class _Worker(Protocol):
    """A source of children: the zygote, or a process for each."""

    layers: tuple[str, ...]
    polls: bool

    def spawn(self, spawn: wire.Spawn, wall_seconds: float, output: int) -> tuple[int, int]: ...
    def reap(self) -> wire.Ended: ...
    def kill(self) -> None: ...
    def close(self) -> None: ...


def _environment() -> dict[str, str]:
    """Nothing but what BLAS and Windows need: the parent's environment may hold secrets."""
    kept = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return kept | dict.fromkeys(("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"), "1")


def _cpu_seconds_of_children() -> float:
    """What the processes that have ended used, in seconds; 0 on Windows, which does not say."""
    times = os.times()
    return times.children_user + times.children_system


def _cgroup() -> cgroup.Group | None:
    """A cgroup for a worker, where the system has delegated one."""
    parent = cgroup.delegated()
    if parent is None:
        return None
    try:
        return cgroup.Group(parent)
    except OSError:
        return None


_COMMAND = [sys.executable, "-I", "-X", "utf8", "-m", "grader.worker"]


class _Zygote:
    """The forking worker, behind a socket that keeps messages apart and carries descriptors."""

    polls = True

    def __init__(self, packages: Sequence[str]) -> None:
        self._control, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.settimeout(_PATIENCE)
        self._group = _cgroup()
        with other, tempfile.TemporaryFile() as errors:
            self._process = subprocess.Popen(  # noqa: S603  our own module
                [*_COMMAND, str(other.fileno())],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                cwd="/", env=_environment(), pass_fds=[other.fileno()], start_new_session=True,
            )  # fmt: skip
            other.close()
            try:
                if self._group:
                    self._group.add(
                        self._process.pid
                    )  # before the worker forks anything, which it does when told to start
                self._control.send(msgspec.json.encode(wire.Start(tuple(packages))))
                layers = msgspec.json.decode(self._receive(), type=wire.Ready).layers
                self.layers = ("cgroup", *layers) if self._group else layers
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
        if self._group:
            self._group.allow(spawn.memory_bytes)
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
        try:
            self._control.send(wire.REAP)
        except OSError as error:
            raise WorkerError(f"the worker ended ({error})") from None
        return msgspec.json.decode(self._receive(), type=wire.Ended)

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


class _Single:
    """A process for each child, where processes cannot fork (Windows): slower, and guarded by the clock alone there."""

    polls = False
    layers: tuple[str, ...] = ()

    def __init__(self) -> None:
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

    def kill(self) -> None:
        """Kill the child; from any thread."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """Nothing outlives a child here."""


class _Child:
    """One process of student code: asked one thing at a time, until it stops or is closed."""

    def __init__(self, worker: _Worker, limits: Limits) -> None:
        self._worker, self._limits = worker, limits
        self._output = _output_file()
        spawn = wire.Spawn(limits.cpu_seconds, limits.memory_mb * 2**20, limits.output_bytes)
        try:
            self._requests, self._replies = worker.spawn(spawn, limits.wall_seconds, self._output)
        except WorkerError:
            os.close(self._output)
            raise
        self._deadline = time.monotonic() + limits.wall_seconds
        self._ended = False

    _load: wire.Load

    def load(self, load: wire.Load) -> wire.Loaded | wire.Raised | wire.Stopped:
        """Run the program; a Stopped has ended the child."""
        self._load = load
        reply = self._exchange(load)
        if isinstance(reply, wire.Returned):
            return self._stopped(detail="a false reply")
        return _verified(reply, load, loading=True) if isinstance(reply, wire.Raised) else reply

    def ask(self, call: wire.Call) -> wire.Outcome:
        """Make a call; a Stopped has ended the child."""
        reply = self._exchange(call)
        if isinstance(reply, wire.Loaded):
            return self._stopped(detail="a false reply")
        return _verified(reply, self._load, loading=False) if isinstance(reply, wire.Raised) else reply

    def _exchange(self, request: wire.Request) -> wire.Reply | wire.Stopped:
        """Send a request and wait for its reply."""
        try:
            with contextlib.suppress(BrokenPipeError):
                self._write(wire.encode(request))
            body = wire.read_frame(self._read)
            return self._stopped() if body is None else wire.decode_reply(body)
        except _TimeUpError:
            return self._stopped(late=True)
        except wire.WireError as error:
            return self._stopped(detail=str(error))

    def _stopped(self, *, late: bool = False, detail: str = "") -> wire.Stopped:
        """End the child and say which limit it met, if any."""
        self._ended = True
        ended = self._worker.reap()
        return self._why(ended, late=late or time.monotonic() >= self._deadline, detail=detail)

    def _why(self, ended: wire.Ended, *, late: bool, detail: str) -> wire.Stopped:
        """Which limit ended the child, if any did."""
        if os.fstat(self._output).st_size >= self._limits.output_bytes:
            return wire.Stopped("output", "printed")
        if detail.startswith("a frame of"):
            return wire.Stopped("output", "returned")
        # A process that ignores the signal for its CPU limit is killed a second later. What it has used by the time is
        # counted in ticks there and exactly here, so the two may differ by much on a busy machine.
        killed = ended.status == -_KILLED and ended.cpu_seconds > self._limits.cpu_seconds / 2
        if late or killed or ended.status == -_OUT_OF_TIME:
            return wire.Stopped("time")
        if ended.status < 0 and ended.status != -signal.SIGTERM and not detail:
            with contextlib.suppress(ValueError):
                return wire.Stopped("crash", signal.Signals(-ended.status).name)
        return wire.Stopped("crash")

    def _wait(self, descriptor: int, event: int) -> None:
        if not self._worker.polls:
            return  # the watchdog ends the process, and with it the wait
        poll = select.poll()
        poll.register(descriptor, event)
        left = self._deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise _TimeUpError

    def _write(self, frame: bytes) -> None:
        view = memoryview(frame)
        while view:
            self._wait(self._requests, select.POLLOUT if self._worker.polls else 0)
            view = view[os.write(self._requests, view) :]

    def _read(self, count: int) -> bytes:
        self._wait(self._replies, select.POLLIN if self._worker.polls else 0)
        return os.read(self._replies, count)

    def close(self) -> str:
        """End the child, if it has not ended; returns the start of what it printed."""
        try:
            if not self._ended:
                self._ended = True
                self._worker.reap()
        finally:
            os.close(self._requests)
            os.close(self._replies)
            with open(self._output, "rb") as output:  # noqa: PTH123  a descriptor
                output.seek(0)
                printed = output.read(_OUTPUT_SHOWN)
        return printed.decode(errors="replace")


def _verified(raised: wire.Raised, load: wire.Load, *, loading: bool) -> wire.Raised:
    """An exception with what the child cannot choose: a built-in's name, a line that exists, when it happened."""
    kind = getattr(builtins, raised.kind, None)
    known = raised.kind == "ForbiddenImport" or (isinstance(kind, type) and issubclass(kind, BaseException))
    source = next((chunk.source for chunk in load.chunks if chunk.name == raised.chunk), None)
    there = source is not None and 0 < raised.line <= source.count("\n") + 1
    return wire.Raised(
        kind=raised.kind if known else "an exception",
        message="".join(letter if letter.isprintable() else " " for letter in raised.message[:_MESSAGE_SHOWN]),
        chunk=raised.chunk if there else "",
        line=raised.line if there else 0,
        wrote=raised.wrote[:_ARGUMENTS_NAMED],
        loading=loading,
    )


def _output_file() -> int:
    """A file without a name: in memory where that can be."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("output", os.MFD_CLOEXEC)
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


class _Session:
    """One program's children, one after the other."""

    def __init__(self, worker: _Worker, load: wire.Load, limits: Limits) -> None:
        self._worker, self._load, self._limits = worker, load, limits
        self._child: _Child | None = None
        self._stops: Counter[str] = Counter()
        self._over: dict[str, wire.Outcome] = {}
        self.printed: list[str] = []

    def run(self, batch: Batch) -> tuple[wire.Outcome, ...]:
        """The outcomes of a batch: up to the first stop, or the one that ended its function before."""
        child = self._child
        if child is None and batch.function not in self._over:
            child = self._begin()
        if child is None or batch.function in self._over:
            return (self._over[batch.function],)
        outcomes: list[wire.Outcome] = []
        for call in batch.calls:
            outcome = child.ask(call)
            outcomes.append(outcome)
            if isinstance(outcome, wire.Stopped):
                self.end()
                self._stops[batch.function] += 1
                if self._stops[batch.function] >= _STOPS_ALLOWED:
                    self._over[batch.function] = outcome
                break
        return tuple(outcomes)

    def _begin(self) -> _Child | None:
        """A child with the program loaded; None, and the functions over, where it does not load."""
        self._child = child = _Child(self._worker, self._limits)
        reply = child.load(self._load)
        if isinstance(reply, wire.Loaded):
            found = ", ".join(name for name in reply.functions if name not in self._load.functions)
            missing = wire.Raised("MissingFunction", found, loading=True)
            self._over |= {name: missing for name in self._load.functions if name not in reply.functions}
            return child
        self._over |= dict.fromkeys(self._load.functions, reply)
        self.end()
        return None

    def end(self) -> None:
        """Let go of the child, if there is one."""
        if self._child is not None:
            child, self._child = self._child, None
            self.printed.append(child.close())


class Sandbox:
    """A worker that is started when first needed and again when it dies. For one thread at a time."""

    def __init__(self, packages: Iterable[str] = (), *, fork: bool = hasattr(os, "fork")) -> None:
        """`packages` are imported before the worker locks itself; without `fork` every program gets a new process."""
        self._packages, self._fork = tuple(packages), fork
        self._worker: _Worker | None = None
        self._aborted = False
        self.layers: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """Return the sandbox itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the worker."""
        self.close()

    def abort(self) -> None:
        """Make a run in another thread fail now, and every later one."""
        self._aborted = True
        if self._worker is not None:
            self._worker.kill()

    def close(self) -> None:
        """End the worker, if there is one."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def start(self) -> _Worker:
        """The worker, started if there is none. Raises WorkerError."""
        if self._aborted:
            raise WorkerError("the run was aborted")
        if self._worker is None:
            self._worker = _Zygote(self._packages) if self._fork else _Single()
            self.layers = self._worker.layers
        return self._worker

    def run(self, load: wire.Load, batches: Sequence[Batch], limits: Limits) -> Run:
        """Load a program and make the calls, batch by batch, each call after the reply to the one before.

        After a stop the batch's other calls are skipped and a new child goes on with the next batch. Two stops in one
        function, or anything that goes wrong at load, end the function or the program. Raises WorkerError where the
        worker died three times.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                return self._run(load, batches, limits)
            except WorkerError:
                self.close()
                if attempt == _ATTEMPTS:
                    raise
        raise WorkerError("unreachable")

    def _run(self, load: wire.Load, batches: Sequence[Batch], limits: Limits) -> Run:
        session = _Session(self.start(), load, limits)
        try:
            outcomes = tuple([session.run(batch) for batch in batches])
        finally:
            session.end()
        self.layers = self.start().layers
        return Run(outcomes, "".join(session.printed)[:_OUTPUT_SHOWN])
