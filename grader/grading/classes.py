"""Grade a class, as a stream of reports, in parallel and in order."""

from __future__ import annotations

import itertools
import platform
import queue
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, TypeVar

import numpy as np

import grader
from grader.errors import CourseError
from grader.grading.attempt import attempt, packages
from grader.grading.placing import with_its_place
from grader.judging.answer_key import digest
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.reports.report import Graded, Provenance, Report
from grader.sandbox.sandbox import Sandbox
from grader.submissions.program import read_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.grading.attempt import Read
    from grader.grading.keys import Keys
    from grader.submissions.find import Submission
    from grader.submissions.program import Refusal
    from grader.wire.messages import Chunk

__all__ = ["grade_class"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class _Bench:
    """What one thread grades with: a sandbox for each set of packages."""

    def __init__(self, stack: ExitStack, layers: tuple[str, ...], started: Mapping[tuple[str, ...], Sandbox]) -> None:
        self._stack, self.layers = stack, layers
        self._sandboxes = dict(started)

    def sandbox(self, needed: tuple[str, ...]) -> Sandbox:
        if needed not in self._sandboxes:
            self._sandboxes[needed] = self._stack.enter_context(Sandbox(needed, layers=self.layers))
        return self._sandboxes[needed]

    def abort(self) -> None:
        for sandbox in self._sandboxes.values():
            sandbox.abort()


def grade_class(
    course: Course, keys: Keys, submissions: Iterable[Submission], jobs: int, started: Sandbox
) -> Iterator[Graded]:
    """A report for each student and assignment, in the order of the submissions, while the next are being graded.

    `started` is a sandbox without packages: it is graded with, and every other has to have its layers.
    """
    exercises = {exercise.id: exercise for exercise in course.exercises()}
    groups = (
        tuple(group) for _, group in itertools.groupby(submissions, key=lambda entry: (entry.student, entry.assignment))
    )
    layers = started.start().layers
    with ExitStack() as stack:
        benches = [_Bench(stack, layers, {(): started} if number == 0 else {}) for number in range(jobs)]
        free: queue.SimpleQueue[_Bench] = queue.SimpleQueue()
        for bench in benches:
            free.put(bench)

        def grade(group: Sequence[Submission]) -> Graded:
            bench = free.get()
            try:
                return _grade_group(course, keys, exercises, bench, group)
            finally:
                free.put(bench)

        def abort() -> None:
            for bench in benches:
                bench.abort()

        yield from _in_order(grade, groups, jobs, abort)


def _grade_group(
    course: Course, keys: Keys, exercises: dict[str, Exercise], bench: _Bench, group: Sequence[Submission]
) -> Graded:
    results, digests = [], {}
    read = _reading_once()
    for submission in group:
        exercise = exercises[submission.exercise]
        key = keys.of(exercise, submission.student)
        if isinstance(key, CourseError):
            results.append(ExerciseResult(exercise.id, Verdict.JUDGE_ERROR, 0.0, 0.0, ()))
            continue
        digests[exercise.id] = digest(key)
        sandbox = bench.sandbox(packages(exercise))
        results.append(with_its_place(attempt(sandbox, exercise, key, submission, read).result, submission))
    provenance = Provenance(
        seed=course.seed,
        keys=digests,
        grader=grader.__version__,
        python=platform.python_version(),
        numpy=np.__version__,
        isolation=bench.layers,
        limits={entry.exercise: asdict(exercises[entry.exercise].limits) for entry in group},
    )
    report = Report.of(group[0].student, group[0].assignment, results, provenance)
    return Graded(report, tuple(entry.submitted_at for entry in group))


def _reading_once() -> Read:
    """Reads each file once: a notebook for a whole assignment is the same for all of its exercises, and may be large."""
    known: dict[Path, tuple[Chunk, ...] | Refusal] = {}

    def read(submission: Submission) -> tuple[Chunk, ...] | Refusal:
        if submission.path is None:
            return read_program(submission)
        if submission.path not in known:
            known[submission.path] = read_program(submission)
        return known[submission.path]

    return read


@contextmanager
def _pool(jobs: int, abort: Callable[[], None]) -> Iterator[ThreadPoolExecutor]:
    """Threads whose work is dropped, and aborted where it runs, when the consumer stops."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool
    except BaseException:  # an interrupt or a consumer that has enough, neither of which waits for a student's loop
        abort()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _in_order(
    function: Callable[[_Item], _Result], items: Iterable[_Item], jobs: int, abort: Callable[[], None]
) -> Iterator[_Result]:
    """Map in threads, yielding in order; at most a few items a thread are in flight, so that memory stays flat."""
    with _pool(jobs, abort) as pool:
        waiting: deque[Future[_Result]] = deque()
        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > 4 * jobs:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
