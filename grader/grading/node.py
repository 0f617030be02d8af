"""A node of a cluster: what Dask's worker is asked to call there, with one frame of bytes for another.

It is trusted as the run is: it has the course's solutions, out of its own checkout, and keys. A student's program never enters Dask's
process: it runs in the sandbox of a grading process (`processes`), as where the run is.
"""

from __future__ import annotations

import hashlib
import logging
import os
import queue
import socket
import threading
import time
import traceback
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.course.course_yml import load_course
from grader.errors import GraderError, UsageError
from grader.grading import messages
from grader.grading.checkout import checkout_of, differences
from grader.grading.keys import Keys, decode_kept
from grader.grading.node_messages import End, Exchange, Found, Lacking, Meet, Met, Refused, frame, request, task
from grader.grading.pool import Pool
from grader.grading.processes import Processes
from grader.judging.answer_key import digest
from grader.sandbox.sandbox import WorkerError
from grader.wire.messages import WireError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.course.model import Course
    from grader.grading.node_messages import Join, Reply, Request
    from grader.grading.tasks import Task
    from grader.judging.answer_key import AnswerKey
    from grader.wire.messages import Chunk

    Contents = dict[str, bytes | tuple[Chunk, ...]]

__all__ = ["COURSE", "answer"]

_log = logging.getLogger(__name__)

COURSE = "GRADER_COURSE"
"""The variable that names the course's folder on a node, where it is not the one of the same path as the run's."""
_TOGETHER = 0.2
"""Seconds after which what has been finished is told."""
_LONGEST = 2.0
"""Seconds after which an exchange ends in which nothing has been, so that Dask's thread is free for other runs."""
_MOST_KEPT = 64 * 2**20
"""How many bytes of answers a node keeps, so that they need not be sent again: wrong ones are searched for an edit later."""
_SILENT = 120.0
"""Seconds after which a run that asks for nothing is taken to have ended without a word."""


class _UnfitError(GraderError):
    """Why this node cannot take part in a run."""


class _Part:
    """The part of a node in a run: what was sent, the rest of the course from here, and processes."""

    def __init__(self, course: Course, join: Join, processes: int) -> None:
        self._keys = Keys(course)
        self._processes = Processes(course, self._keys, processes, join.required, join.repair, join.layers)
        self._has: dict[str, AnswerKey] = {}
        self._contents: dict[str, bytes] = {}
        self._size = 0
        self._seats, self._threads = processes, ThreadPoolExecutor(processes)
        self._exchanging = threading.Lock()
        self._at_work = 0
        self._begun: dict[int, Future[None]] = {}
        self._finished: queue.SimpleQueue[tuple[int, bytes]] = queue.SimpleQueue()
        self._unfit: UsageError | None = None
        self.asked = 0
        """How many threads are in an exchange."""
        self.used = time.monotonic()

    def exchange(self, tasks: Iterable[tuple[int, bytes]]) -> Found:
        """Begin tasks, and tell what came of any. Raises GraderError, LookupError where they cannot be graded here."""
        with self._exchanging:
            for number, data in tasks:
                self._begin(number, data)
            found = tuple(self._next())
            back = () if found else tuple(self._given_back())
        if self._unfit:
            raise self._unfit
        return Found(found, back, self._at_work)

    def _next(self) -> Iterator[tuple[int, bytes]]:
        """What is finished soon, a few at a time: a message costs as much as an answer. No slow one holds others up."""
        began, some = time.monotonic(), False
        while self._at_work:
            soon = some or self._at_work < self._seats  # else nothing more can be begun, and nothing is to be told
            until = began + (_TOGETHER if soon else _LONGEST)
            try:
                found = self._finished.get(timeout=max(until - time.monotonic(), 0))
            except queue.Empty:
                return
            self._at_work, some = self._at_work - 1, True
            self._begun.pop(found[0], None)
            yield found

    def _given_back(self) -> Iterator[int]:
        """Let others have what waits for a process."""
        for number, begun in tuple(self._begun.items()):
            if begun.cancel():
                del self._begun[number]
                self._at_work -= 1
                yield number

    def _begin(self, number: int, data: bytes) -> None:
        """Let a task wait for a process, if there is all that it needs. Raises CourseError, LookupError."""
        self._at_work += 1
        try:
            work = task(data)
            keys, contents = self._received(work)
        except (ValueError, TypeError, EOFError, msgspec.MsgspecError, WireError):
            self._finished.put((number, frame(messages.Failed(traceback.format_exc()))))
            return
        missing = [each.key for each in work.answers if each.key not in keys]
        missing += [each.content for each in work.answers if each.refusal is None and each.content not in contents]
        if missing:
            self._finished.put((number, frame(Lacking(tuple(missing)))))
        else:
            self._begun[number] = self._threads.submit(
                self._grade, number, messages.task_of(replace(work, contents=contents), keys)
            )

    def _grade(self, number: int, given: Task) -> None:
        try:
            reply = frame(messages.Graded(self._processes.grade(given)))
        except UsageError as error:
            self._unfit = error
            reply = b""
        except Exception:  # noqa: BLE001  a fault of ours, told where it can be told
            reply = frame(messages.Failed(traceback.format_exc()))
        self._finished.put((number, reply))

    def _received(self, work: messages.Work) -> tuple[dict[str, AnswerKey], Contents]:
        """What there is for a task: what came with it, held to its names and kept for the next, and what came before.

        Raises ValueError for what is false.
        """
        keys = {each.key: self._has[each.key] for each in work.answers if each.key in self._has}
        for sent in work.keys:
            key, _ = decode_kept(sent.data)
            _hold(sent.name, digest(key))
            exercise = next(each.exercise for each in work.answers if each.key == sent.name)
            self._keys.adopt(exercise, key, shared=sent.kept)
            keys[sent.name] = key
            if sent.kept:
                self._has[sent.name] = key
        contents: Contents = {
            each.content: self._contents[each.content] for each in work.answers if each.content in self._contents
        }
        for name, content in work.contents.items():
            if isinstance(content, bytes):
                _hold(name, hashlib.sha256(content).hexdigest())
                self._keep(name, content)
        return keys, contents | work.contents

    def _keep(self, name: str, content: bytes) -> None:
        """Keep what was handed in, in the place of what came first."""
        if name not in self._contents:
            self._contents[name] = content
            self._size += len(content)
        while self._size > _MOST_KEPT:
            self._size -= len(self._contents.pop(next(iter(self._contents))))

    def end(self) -> None:
        """Let go of all of it: what runs fails now, and its end is waited for by nobody."""
        self._processes.abort()
        self._threads.shutdown(wait=False, cancel_futures=True)
        threading.Thread(target=self._processes.close, daemon=True).start()


def _hold(name: str, found: str) -> None:
    if found != name:
        raise ValueError(f"what was sent as {name} is another")


class _Parts:
    """The parts in all runs, for Dask's threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: dict[str, _Part] = {}
        self._ended: set[str] = set()

    @contextmanager
    def part(self, join: Join, processes: int) -> Iterator[_Part]:
        """The part in a run, begun with the first task, for a while. Raises _UnfitError."""
        with self._lock:
            if join.run in self._ended:
                raise _UnfitError("the run has ended")
            if join.run not in self._parts:
                self._parts[join.run] = _Part(_course(join), join, processes)
                threading.Thread(target=self._watch, args=(join.run, self._parts[join.run]), daemon=True).start()
            part = self._parts[join.run]
            part.asked += 1
        try:
            yield part
        finally:
            with self._lock:
                part.asked, part.used = part.asked - 1, time.monotonic()

    def end(self, run: str) -> None:
        """End the part in a run."""
        with self._lock:
            self._ended.add(run)
            part = self._parts.pop(run, None)
        if part:
            part.end()

    def _watch(self, run: str, part: _Part) -> None:
        """A run whose process was killed says nothing any more. One that goes on begins again here."""
        while self._parts.get(run) is part:
            time.sleep(1.0)
            with self._lock:
                silent = not part.asked and time.monotonic() - part.used > _SILENT
                if silent and self._parts.get(run) is part:
                    del self._parts[run]
                    part.end()


_parts = _Parts()


def answer(data: bytes) -> bytes:
    """What this node makes of what a run says. Raises nothing: an exception would be pickled."""
    try:
        return frame(_answer(request(data)))
    except Exception:  # noqa: BLE001  a fault of ours, told where it can be told
        return frame(messages.Failed(traceback.format_exc()))


def _answer(message: Request) -> Reply:
    try:
        match message:
            case Meet(join):
                return _met(join)
            case Exchange(join, processes, tasks):
                with _parts.part(join, processes) as part:
                    return part.exchange(tasks)
            case End(run):
                _parts.end(run)
                return messages.Graded(())
    except (GraderError, WorkerError, LookupError, OSError) as error:
        _log.warning("this node is not used: %s", error)
        return Refused(socket.gethostname(), str(error))


def _met(join: Join) -> Met:
    """What isolates student code here, once its checkout is the run's. Raises _UnfitError, UsageError, WorkerError."""
    _course(join)
    with Pool(required=join.required) as pool:
        return Met(socket.gethostname(), pool.start())


def _course(join: Join) -> Course:
    """The course as it is here. Raises _UnfitError where something in it is not as it is where the run is."""
    named = os.environ.get(COURSE)
    try:
        course = load_course(Path(named or os.fsdecode(join.root)))
        found = "; ".join(differences(checkout_of(course), join.checkout))
    except (GraderError, OSError) as error:
        raise _UnfitError(str(error) if named else f"{error} ({COURSE} names the course's folder on a node)") from None
    if found:
        raise _UnfitError(f"its checkout is another: {found}")
    return course
