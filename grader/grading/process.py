"""A grading process: a judge, and a worker of its own, that grades one task after the other for the run that started it.

Started as `python -m grader.grading.process SOCKET`, the socket's other end being the run's (`processes`). It is trusted: it has
keys, and the course's judges, each held to the hash that the key names it by. It ends when the run does.
"""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import signal
import socket
import sys
import threading
import time
import traceback
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.course.model import reference_below
from grader.errors import UsageError
from grader.grading import messages
from grader.grading.keys import decode_alterations, decode_kept
from grader.grading.pool import Pool
from grader.grading.repair import Repairs
from grader.grading.tasks import Workplace
from grader.judging.answer_key import digest, judge_name
from grader.judging.judge import trusted
from grader.sandbox.priority import niceness, step_back

if TYPE_CHECKING:
    from typing import BinaryIO

    from grader.course.model import Exercise
    from grader.grading.tasks import Task
    from grader.judging.answer_key import AnswerKey
    from grader.judging.diagnosis import Alteration
    from grader.judging.judge import Altered

_GRACE = 2.0
"""Seconds in which a process whose run has ended lets go of its worker."""


class _Run:
    """The run, as one of its processes sees it: its next message, or None once it has ended."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._messages: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()

    def listen(self, stream: BinaryIO, pool: Pool) -> None:
        """In a thread of its own: hear that the run has ended also while a program of a student's runs."""
        try:
            while True:
                self._messages.put(messages.receive(stream))
        except Exception:  # noqa: BLE001  whatever it is, there is nobody left to tell
            self._messages.put(None)
            pool.abort()
            time.sleep(_GRACE)
            os._exit(1)

    def next(self) -> bytes:
        """The next message. Raises EOFError where there will be none."""
        body = self._messages.get()
        if body is None:
            raise EOFError
        return body

    def say(
        self, message: messages.Graded | messages.Asked | messages.Failed | messages.Ready | messages.Logged
    ) -> None:
        """Raises OSError where nobody listens any more."""
        self._connection.sendall(messages.frame(message))


class _Told(logging.Handler):
    """Gives what is logged to the run."""

    def __init__(self, run: _Run) -> None:
        super().__init__()
        self._run = run

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._run.say(messages.Logged(record.name, record.levelno, self.format(record)))
        except Exception:  # noqa: BLE001  as every handler
            self.handleError(record)


class _Keys:
    """The keys that were sent, their judges, and what altered inputs give, which the run is asked for."""

    def __init__(self, run: _Run) -> None:
        self._run = run
        self._kept: dict[str, AnswerKey] = {}
        self._altered: dict[tuple[str, str], tuple[Alteration, ...]] = {}
        self._task: Task | None = None
        self.judges: dict[str, str] = {}

    def task(self, work: messages.Work) -> Task:
        """A task, with the keys that it came with and those that were sent before. Raises ValueError for a false one."""
        mine = dict(self._kept)
        for each in work.keys:
            key, judges = decode_kept(each.data)
            if digest(key) != each.name or any(judge_name(source) != name for name, source in judges.items()):
                raise ValueError(f"what was sent as the key {each.name} is another")
            mine[each.name] = key
            self.judges.update(judges)
            if each.kept:
                self._kept[each.name] = key
        self._task = messages.task_of(work, mine)
        return self._task

    def altered(self, exercise: Exercise, key: AnswerKey) -> Altered:  # noqa: ARG002  the run knows it
        """What a function's formulas give on altered inputs of a key, when it is asked for. Raises LookupError."""
        return partial(self._of_function, key)

    def _of_function(self, key: AnswerKey, function: str) -> tuple[Alteration, ...]:
        given = self._task.given if self._task else ()
        index = next(index for index, each in enumerate(given) if each.key is key)
        place = given[index].digest, function
        if place in self._altered:
            return self._altered[place]
        self._run.say(messages.Asked(index, function))
        reply = messages.request(self._run.next())
        if not isinstance(reply, messages.Altered) or reply.problem:
            raise LookupError(reply.problem if isinstance(reply, messages.Altered) else "no answer")
        found = decode_alterations(reply.data)
        if place[0] in self._kept:
            self._altered[place] = found
        return found


def _serve(connection: socket.socket) -> None:
    """Grade until the run ends."""
    stream = connection.makefile("rb")
    begin = messages.request(messages.receive(stream))
    if not isinstance(begin, messages.Begin):
        raise TypeError("a run begins with what holds for all of it")
    if begin.core is not None:
        with contextlib.suppress(OSError):  # it is no longer ours to use
            os.sched_setaffinity(0, {begin.core})
    if begin.nicer:
        step_back(os.getpid(), niceness() + begin.nicer)
    run = _Run(connection)
    logger = logging.getLogger("grader")
    logger.setLevel(begin.level)
    logger.addHandler(_Told(run))
    root = Path(os.fsdecode(begin.root))
    with Pool(required=begin.required, layers=begin.layers) as pool:
        threading.Thread(target=run.listen, args=(stream, pool), daemon=True).start()
        keys = _Keys(run)
        own_judge = None if begin.shipped else trusted(keys.judges)
        workplace = Workplace(pool, own_judge, keys.altered, Repairs(begin.repair, partial(reference_below, root)))
        run.say(messages.Ready())
        while True:
            body = run.next()
            try:
                work = messages.request(body)
                if not isinstance(work, messages.Work):
                    raise TypeError("neither a task nor the end")  # noqa: TRY301  told as any other fault
                reply: messages.Graded | messages.Failed = messages.Graded(workplace.grade(keys.task(work)))
            except UsageError as error:
                reply = messages.Failed(str(error), usage=True)
            except (EOFError, OSError):
                raise
            except Exception:  # noqa: BLE001  a fault of ours, told where it can be told
                reply = messages.Failed(traceback.format_exc())
            run.say(reply)


def main() -> None:
    """Serve the run at the other end of the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # which the terminal sends to the run: that one decides what ends
    with contextlib.suppress(EOFError, OSError):  # the run has ended
        _serve(socket.socket(fileno=int(sys.argv[1])))


if __name__ == "__main__":
    main()
