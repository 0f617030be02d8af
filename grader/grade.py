"""Grade one submission, or a class as a stream of reports, in parallel and in order."""

from __future__ import annotations

import importlib.util
import itertools
import platform
import queue
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

import grader
from grader.answer import Attempt, packages, run_and_judge
from grader.building.compiler import compile_key
from grader.errors import CourseError
from grader.handed_in import Refusal, read_program
from grader.judging.answer_key import AnswerKey, digest
from grader.judging.judge import refuse, with_notes
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.reading import attempt_notebook, reviewed, solution_id
from grader.reports.report import Provenance, Report
from grader.sandbox.sandbox import Sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.submission import Submission
    from grader.wire.messages import Chunk

    Read = Callable[[Submission], tuple[Chunk, ...] | Refusal]

__all__ = ["Graded", "Keys", "attempt", "grade_class"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Graded:
    """A student's report, and when each exercise was handed in."""

    report: Report
    submitted_at: tuple[str, ...]


def attempt(
    sandbox: Sandbox, exercise: Exercise, key: AnswerKey, submission: Submission, read: Read = read_program
) -> Attempt:
    """Run and judge one submission of one exercise; `read` gives the program that was handed in."""
    # What torch brings along need not be named.
    needed = (exercise.framework, *exercise.imports)
    absent = [name for name in needed if importlib.util.find_spec(name.partition(".")[0]) is None]
    if absent:
        fault = f"not run: this exercise needs {', '.join(absent)}, not installed here; pip install {' '.join(absent)}"
        return Attempt(refuse(key, Verdict.JUDGE_ERROR, fault))
    program = read(submission)
    if isinstance(program, Refusal):
        return Attempt(refuse(key, program.verdict, program.feedback))
    if not submission.notebook:
        return run_and_judge(sandbox, exercise, key, program)
    own = solution_id(exercise.id)
    others: dict[str, tuple[str, ...]] = {
        cell.grade_id: () for cell in program if cell.grade_id.startswith(solution_id("")) and cell.grade_id != own
    }
    found = attempt_notebook(
        [reviewed(cell) for cell in program],
        key,
        lambda reading: run_and_judge(sandbox, exercise, key, reading.chunks, reading.mode),
        others,
        alone=not submission.shared,
    )
    return replace(found, result=with_notes(found.result, found.notes))


class Keys:
    """The answer keys of a course: one for each exercise, or for each student where inputs are individual."""

    def __init__(self, course: Course) -> None:
        """Compile the keys that all students share; the exercises that cannot be compiled are in `faults`."""
        self._course = course
        self._shared: dict[str, AnswerKey] = {}
        self.faults: dict[str, CourseError] = {}
        for exercise in course.exercises():
            try:
                self._shared[exercise.id] = compile_key(course, exercise)
            except CourseError as error:
                self.faults[exercise.id] = error

    def of(self, exercise: Exercise, student: str) -> AnswerKey | CourseError:
        """The key for one student, or why there is none."""
        if exercise.id in self.faults or not self._course.individual:
            return self.faults.get(exercise.id) or self._shared[exercise.id]
        try:
            return compile_key(self._course, exercise, student)
        except CourseError as error:
            return error


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
        results.append(attempt(sandbox, exercise, key, submission, read).result)
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
