"""Grading in processes, each with a judge and a worker of its own: what one interpreter would do one after the other, at once."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import socket
import sys
import threading
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError
from grader.grading import messages
from grader.grading.executor import Executor, Here
from grader.grading.keys import encode_alterations
from grader.grading.pool import Pool
from grader.grading.tasks import pieces, unjudged
from grader.log import reraises
from grader.sandbox.sandbox import WorkerError
from grader.sandbox.starting import connected, ended
from grader.wire.messages import WireError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.model import Course, Repair
    from grader.grading.keys import Keys
    from grader.grading.tasks import Finding, Task
    from grader.sandbox.layers import Required
    from grader.sandbox.workers import Zygote

__all__ = ["Processes", "executor"]

_log = logging.getLogger(__name__)
_ATTEMPTS = 3
"""How often a task is begun whose process ends before it is graded."""
_PATIENCE = 5.0
"""Seconds until a process that was told to end is ended."""


def executor(  # noqa: PLR0913
    course: Course, keys: Keys, jobs: int, required: Required, bounds: Repair | None = None, begun: Zygote | None = None,
    nicer: int = 0,
) -> Executor:  # fmt: skip
    """Who grades a course's answers, `jobs` at once; with a first worker that has `begun`, where there is one.

    Other processes are so much `nicer`: what the run has to do itself, on which they wait, goes first.

    One at once is graded here: another process would take a third of a second to start, and memory, and have nobody to share
    the work with. So are several where no process can be given a socket (Windows), by threads.
    """
    if jobs == 1 or not hasattr(os, "fork"):
        return Here(course, keys, Pool(jobs, required=required, begun=begun), bounds)
    return Processes(course, keys, jobs, required, bounds, begun=begun, nicer=nicer)


class _EndedError(Exception):
    """A grading process has ended before it answered."""


class _Process:
    """One grading process, for one thread at a time."""

    def __init__(self) -> None:
        self._socket, other = socket.socketpair()
        command = [sys.executable, "-P", "-m", "grader.grading.process", str(other.fileno())]
        with other:
            self.process = connected(command, other.fileno())
        self._stream = self._socket.makefile("rb")
        self.has: set[str] = set()
        """The names of the keys that it keeps."""
        self.begun = False

    def begin(self, begin: messages.Begin) -> None:
        """Tell it what holds for the whole run, and wait until it can grade. Raises UsageError, _EndedError."""
        self.exchange(begin)
        self.begun = True

    def exchange(
        self, message: messages.Begin | messages.Work | messages.Altered
    ) -> messages.Ready | messages.Graded | messages.Asked:
        """What it answers. Raises UsageError where it says so, RuntimeError for a fault of its own, _EndedError."""
        frame = messages.frame(message)
        try:
            self._socket.sendall(frame)
            while isinstance(reply := messages.answer(messages.receive(self._stream)), messages.Logged):
                logging.getLogger(reply.name).log(reply.level, "%s", reply.text)
        except (OSError, EOFError, WireError) as error:
            raise _EndedError(str(error)) from error
        if isinstance(reply, messages.Failed):
            raise UsageError(reply.problem) if reply.usage else RuntimeError(reply.problem)
        return reply

    def hang_up(self) -> None:
        """Let it end, from any thread: it ends all that it has started."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Wait for its end."""
        self.hang_up()
        ended(self.process, _PATIENCE)
        self._stream.close()
        self._socket.close()


class _Seat(msgspec.Struct):
    """The place of one grading process; another takes it when that has ended."""

    core: int | None = None
    process: _Process | None = None

    def clear(self) -> None:
        """Wait for the end of the process, if there is one."""
        if self.process is not None:
            process, self.process = self.process, None
            process.close()


def _cores(jobs: int) -> list[int | None]:
    """A processor for each job, where there are as many.

    A judge and the program that it asks take turns: on one processor each finds the other's messages in its cache, and wakes it without
    a call to another one. Of fewer jobs none is bound to any, since somebody else may be busy there.
    """
    found = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return [*found] if len(found) == jobs else [None] * jobs


class Processes(Executor):
    """Grades in `jobs` processes. Of the threads that its methods are called from each waits for one of them."""

    def __init__(  # noqa: PLR0913
        self, course: Course, keys: Keys, jobs: int, required: Required, bounds: Repair | None = None,
        layers: tuple[str, ...] = (), begun: Zygote | None = None, nicer: int = 0,
    ) -> None:  # fmt: skip
        """Start nothing yet; edits are looked for within the course's bounds, or others. `layers` are those of a run elsewhere."""
        self._course, self._keys, self.jobs, self._required = course, keys, jobs, required
        self._bounds, self._nicer = bounds or course.repair, nicer
        self._first = Pool(required=required, layers=layers, begun=begun)
        """For the layers, until there is something to grade: a class in which nothing has changed starts no process."""
        self._beginning = threading.Lock()
        self._aborted = False
        self._seats = [_Seat(core) for core in _cores(jobs)]
        self._free: queue.SimpleQueue[_Seat] = queue.SimpleQueue()
        for seat in self._seats:
            self._free.put(seat)

    def start(self) -> tuple[str, ...]:
        """The layers of a first worker, which each process's will have."""
        return self._first.start()

    def expect(self, answers: int) -> None:
        """Start the processes for so many answers, which import meanwhile what they need."""
        for seat in self._seats[:answers]:
            seat.process = seat.process or _Process()

    def grade(self, task: Task) -> tuple[Finding, ...]:
        """What comes of each of a task's answers: by a process that is free, or by the next if it ends before that."""
        return tuple(found for each in pieces(task) for found in self._piece(each))

    def _piece(self, task: Task) -> tuple[Finding, ...]:
        with self._seat() as seat:
            for _ in range(_ATTEMPTS):
                try:
                    return self._graded(self._started(seat), task)
                except _EndedError as error:
                    seat.clear()
                    if self._aborted:
                        raise WorkerError("the run was aborted") from None
                    _log.info("a grading process ended (%s); its answers are graded again", error)
                except UsageError:
                    raise
                except Exception:
                    if reraises():
                        raise
                    _log.info("grading %s failed", task.given[0].exercise.id, exc_info=True)
                    return unjudged(task, traceback.format_exc())
        return unjudged(task, f"the process that graded it ended, {_ATTEMPTS} times in a row")

    def abort(self) -> None:
        """Make what is running in other threads fail now, and what they would still begin."""
        self._aborted = True
        self._first.abort()
        for seat in self._seats:
            if (process := seat.process) is not None:
                process.hang_up()

    def close(self) -> None:
        """End the processes, all at once."""
        self.abort()
        self._first.close()
        for seat in self._seats:
            seat.clear()

    @contextmanager
    def _seat(self) -> Iterator[_Seat]:
        """A seat of one's own, for a while."""
        seat = self._free.get()
        try:
            yield seat
        finally:
            self._free.put(seat)

    def _started(self, seat: _Seat) -> _Process:
        """The process of a seat, started if there is none. Raises UsageError, WorkerError, _EndedError."""
        process = seat.process = seat.process or _Process()
        if process.begun:
            return process
        with self._beginning:
            layers = self.start()
            self._first.close()
        root, level = os.fsencode(self._course.root.resolve()), logging.getLogger("grader").getEffectiveLevel()
        shipped = self._keys.own_judge is None
        if self._aborted:
            process.hang_up()
        process.begin(
            messages.Begin(root, self._required, layers, self._bounds, shipped, level, seat.core, self._nicer)
        )
        return process

    def _graded(self, process: _Process, task: Task) -> tuple[Finding, ...]:
        """What a process makes of a task, which may ask what altered inputs give."""
        reply = process.exchange(messages.work_of(task, tuple(self._new_keys(process, task))))
        while isinstance(reply, messages.Asked):
            reply = process.exchange(self._altered(task, reply))
        return reply.found if isinstance(reply, messages.Graded) else ()

    def _new_keys(self, process: _Process, task: Task) -> Iterator[messages.Key]:
        """The keys of a task that a process has not; what many students share, it keeps."""
        for name, given in {each.digest: each for each in task.given}.items():
            if name not in process.has:
                kept = self._keys.shared
                process.has |= {name} if kept else set()
                yield messages.Key(name, self._keys.packed(given.key), kept)

    def _altered(self, task: Task, asked: messages.Asked) -> messages.Altered:
        given = task.given[asked.answer]
        try:
            return messages.Altered(encode_alterations(self._keys.altered(given.exercise, given.key)(asked.function)))
        except Exception as error:  # noqa: BLE001  raised where it was asked for
            return messages.Altered(b"", f"{type(error).__name__}: {error}")
