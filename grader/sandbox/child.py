"""One process of student code: asked one thing at a time, until it stops. What it says is held to what it can know."""

from __future__ import annotations

import bisect
import builtins
import contextlib
import itertools
import os
import select
import signal
import time
from typing import TYPE_CHECKING

import msgspec

from grader.sandbox.printed import Printed
from grader.sandbox.priority import patience
from grader.wire import messages as wire

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.sandbox.limits import Limits
    from grader.sandbox.workers import Worker

__all__ = ["Child"]

# Windows has no such signals, and no such deaths.
_KILLED, _OUT_OF_TIME, _OVER_FILE_SIZE = 9, getattr(signal, "SIGXCPU", 24), getattr(signal, "SIGXFSZ", 25)
_READ_AT_ONCE = 65536
"""What a pipe holds, in bytes: a short reply and its length come in one piece."""
_PIPE_HOLDS = 4096
"""What any pipe holds, in bytes, also where a user has so many that the kernel gives the smallest."""
_MESSAGE_SHOWN = 500
_MOST_GRANTED, _WORTH_WAITING, _A_TURN = 2, 0.01, 0.1
"""By how many times its wall limit a child's time is put off at most, where it does not let others go first; and by how many seconds at least, and until its turn."""
_ARGUMENTS_NAMED = 8


class _TimeUpError(Exception):
    """The child did not answer before its wall limit."""


class Child:
    """One process of student code: asked one thing at a time, until it stops or is closed."""

    def __init__(self, worker: Worker, limits: Limits) -> None:
        """Start the process, whose time runs from here. Raises WorkerError."""
        self._worker, self._limits = worker, limits
        spawn = wire.Spawn(limits.cpu_seconds, limits.memory_mb * 2**20, limits.output_bytes)
        self._ends = worker.spawn(spawn, limits.wall_seconds)
        self._deadline = time.monotonic() + limits.wall_seconds
        self._granted = 0.0
        self._received = b""
        self._ended = False
        self._load = wire.Load("", (), ())  # nothing yet
        self.received = 0
        """The bytes of all replies."""
        self.slept = False
        """Whether it was ended by the clock, and had computed in less than half of the time that was its own."""

    def load(self, load: wire.Load) -> wire.Loaded | wire.Raised | wire.Stopped:
        """Run the program; a Stopped has ended the child."""
        self._load = load
        reply = self._exchange(wire.encode(load))
        if isinstance(reply, wire.Loaded):
            missing = {name: _verified(raised, load) for name, raised in reply.missing.items()}
            failed = tuple(_verified(raised, load) for raised in reply.failed)
            return wire.Loaded(reply.functions, failed, missing)
        if isinstance(reply, wire.Returned):
            reply = self._stopped(detail="a false reply")
        if isinstance(reply, wire.Stopped):
            return msgspec.structs.replace(reply, loading=True)
        return _verified(reply, load)

    def ask(self, call: wire.Call) -> wire.Outcome:
        """Make a call; a Stopped has ended the child."""
        (outcome,) = self.answers((call,))
        return outcome

    def answers(self, calls: Sequence[wire.Call]) -> Iterator[wire.Outcome]:
        """Make calls, sending as many at once as a pipe surely takes; a Stopped has ended the child, and is the last."""
        frames = [wire.encode(call) for call in calls]
        sent = 0
        for index, call in enumerate(calls):
            group = [] if index < sent else _that_fit(frames[index:])
            sent += len(group)
            reply = self._exchange(b"".join(group))
            if isinstance(reply, wire.Loaded):
                reply = self._stopped(detail="a false reply")
            yield _verified(reply, self._load, call) if isinstance(reply, wire.Raised) else reply
            if isinstance(reply, wire.Stopped):
                break

    def vary(self, variants: wire.Vary) -> Iterator[wire.Outcome]:
        """Make a call with one statement after the other; a Stopped has ended the child, and is the last."""
        for index in range(len(variants.statements)):
            reply = self._exchange(b"" if index else wire.encode(variants))
            outcome = self._stopped(detail="a false reply") if isinstance(reply, wire.Loaded) else reply
            yield outcome
            if isinstance(outcome, wire.Stopped):
                break

    def _exchange(self, requests: bytes) -> wire.Reply | wire.Stopped:
        """Send requests, if there are any, and wait for a reply."""
        try:
            if requests:
                with contextlib.suppress(BrokenPipeError):
                    self._write(requests)
            body = wire.read_frame(self._read)
            self.received += len(body or b"")
            return self._stopped() if body is None else wire.decode_reply(body)
        except _TimeUpError:
            return self._stopped(late=True)
        except wire.OversizeError:
            return self._stopped(oversize=True)
        except wire.WireError as error:
            return self._stopped(detail=str(error))

    def _stopped(self, *, late: bool = False, oversize: bool = False, detail: str = "") -> wire.Stopped:
        """End the child and say which limit it met, if any."""
        self._ended = True
        ended = self._worker.reap()
        late = late or time.monotonic() >= self._deadline
        self.slept = late and ended.cpu_seconds < self._limits.wall_seconds / 2
        return self._why(ended, late=late, oversize=oversize, detail=detail)

    def _why(self, ended: wire.Ended, *, late: bool, oversize: bool, detail: str) -> wire.Stopped:
        """Which limit ended the child, if any did."""
        if os.fstat(self._ends.output).st_size >= self._limits.output_bytes:
            return wire.Stopped("output", "printed")
        if ended.status == -_OVER_FILE_SIZE:
            return wire.Stopped("output", "printed")
        if oversize:
            return wire.Stopped("output", "returned")
        # A process that ignores the signal for its CPU limit is killed a second later. What it has used by the time is
        # counted in ticks there and exactly here, so the two may differ by much on a busy machine.
        killed = ended.status == -_KILLED and ended.cpu_seconds > self._limits.cpu_seconds / 2
        if late:
            return wire.Stopped("time", wire.BY_THE_CLOCK)
        if killed or ended.status == -_OUT_OF_TIME:
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
        while (left := self._deadline - time.monotonic()) <= 0 or not poll.poll(left * 1000):
            if not self._more_time():
                raise _TimeUpError

    def _more_time(self) -> bool:
        """Whether the deadline is put off: by what the child could not run, though it would have, because others did.

        So what a program gets for its time does not depend on the machine's load; its CPU limit ends it all the same.
        """
        waited, waiting = self._worker.kept_waiting()
        left = _MOST_GRANTED * patience(self._worker.niceness) * self._limits.wall_seconds - self._granted
        owed = min(left, max(waited - self._granted, _A_TURN if waiting else 0.0))
        if owed < _WORTH_WAITING:
            return False
        self._granted += owed
        self._deadline += owed
        return True

    def _write(self, frame: bytes) -> None:
        view = memoryview(frame)
        while view:
            try:
                view = view[os.write(self._ends.requests, view) :]
            except BlockingIOError:
                self._wait(self._ends.requests, select.POLLOUT)

    def _read(self, count: int) -> bytes:
        """Up to `count` bytes of what has come, or nothing at the end."""
        if not self._received:
            self._wait(self._ends.replies, select.POLLIN if self._worker.polls else 0)
            self._received = os.read(self._ends.replies, max(count, _READ_AT_ONCE))
        piece, self._received = self._received[:count], self._received[count:]
        return piece

    def close(self) -> Printed:
        """End the child, if it has not ended; returns what it printed."""
        try:
            if not self._ended:
                self._ended = True
                self._worker.release()
        finally:
            printed = self._printed()
            self._ends.close()
        return Printed.of(printed.decode(errors="replace"))

    def _printed(self) -> bytes:
        """What it printed: most programs nothing."""
        if not os.fstat(self._ends.output).st_size:
            return b""
        with open(self._ends.output, "rb", closefd=False) as output:
            output.seek(0)
            return output.read(self._limits.output_bytes)


def _that_fit(frames: Sequence[bytes]) -> Sequence[bytes]:
    """The first of the frames, and those after it that can be written with it whether or not anybody reads.

    A child that waits until its replies are read reads nothing itself.
    """
    ends = list(itertools.accumulate(map(len, frames)))
    return frames[: max(1, bisect.bisect_right(ends, _PIPE_HOLDS))]


def _verified(raised: wire.Raised, load: wire.Load, call: wire.Call | None = None) -> wire.Raised:
    """An exception with what the child cannot choose: a built-in's name, a line and arguments that exist, and when.

    Without a `call`, it happened while the program was loaded.
    """
    kind = getattr(builtins, raised.kind, None)
    known = raised.kind in {"ForbiddenImport", "InnerFunction", "OtherAnswer"} or (
        isinstance(kind, type) and issubclass(kind, BaseException)
    )
    source = next((chunk.source for chunk in load.chunks if chunk.name == raised.chunk), None)
    there = source is not None and 0 < raised.line <= source.count("\n") + 1
    arguments = range(len(call.args)) if call and call.readonly else ()
    return wire.Raised(
        kind=raised.kind if known else "an exception",
        message="".join(letter if letter.isprintable() else " " for letter in raised.message[:_MESSAGE_SHOWN]),
        chunk=raised.chunk if there else "",
        line=raised.line if there else 0,
        wrote=tuple(sorted({index for index in raised.wrote[:_ARGUMENTS_NAMED] if index in arguments})),
        loading=call is None,
    )
