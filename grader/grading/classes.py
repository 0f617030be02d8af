"""Grade a class, as a stream of reports, in parallel and in order."""

from __future__ import annotations

import itertools
import logging
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from grader.errors import CourseError, UsageError
from grader.grading.attempt import attempt
from grader.grading.provenance import provenance
from grader.grading.repair import Repairs, marked, name_of
from grader.judging.verdicts import ExerciseResult
from grader.reports.report import ExerciseReport, Report
from grader.submissions.program import read_program

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.grading.keys import Keys
    from grader.grading.pool import Bench, Pool
    from grader.judging.answer_key import AnswerKey
    from grader.submissions.program import Refusal, Source
    from grader.submissions.submission import Submission

__all__ = ["functions_of_others", "grade_class", "search_class"]

_log = logging.getLogger(__name__)
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def grade_class(
    course: Course, keys: Keys, submissions: Iterable[Submission], jobs: int, pool: Pool
) -> Iterator[Report]:
    """A report for each student and assignment, in the order of the submissions, while the next are being graded.

    Raises UsageError before anything is graded where isolation that is required is missing.
    """
    groups = (
        tuple(group) for _, group in itertools.groupby(submissions, key=lambda entry: (entry.student, entry.assignment))
    )
    pool.start()

    def grade(group: Sequence[Submission]) -> Report:
        with pool.bench() as bench:
            return _grade_assignment(course, keys, bench, pool.layers, group)

    yield from _in_order(grade, groups, jobs, pool.abort)


def search_class(
    course: Course, keys: Keys, submissions: Iterable[Submission], jobs: int, pool: Pool
) -> Iterator[Report]:
    """A report on each answer in which one edit was looked for, in the order of the submissions; all else goes first.

    Each is run again for it: what a class has handed in is not kept in memory.
    """
    repairs = Repairs(course)
    pool.step_back()

    def search(submission: Submission) -> Report:
        with pool.bench() as bench:
            return _grade_assignment(course, keys, bench, pool.layers, [submission], repairs)

    yield from _in_order(search, submissions, jobs, pool.abort)


def _grade_assignment(  # noqa: PLR0913
    course: Course, keys: Keys, bench: Bench, layers: tuple[str, ...], group: Sequence[Submission],
    repairs: Repairs | None = None,
) -> Report:  # fmt: skip
    """The report on one student's answers to an assignment; with `repairs`, with what one edit says of them."""
    results = []
    known: dict[Path, Source | Refusal] = {}
    for submission in group:
        exercise = course.exercise(submission.exercise)
        key: AnswerKey | None = None
        program = ""
        try:
            key = keys.of(exercise, submission.student)
        except CourseError as error:
            result = ExerciseResult.unjudged(exercise.id, str(error))
        else:
            others = functions_of_others(course, keys, exercise) if submission.notebook else {}
            source = _read(submission, known)
            tried = attempt(bench, exercise, key, source, others, keys.own_judge, keys.altered(exercise, key))
            result = (
                repairs.result(bench, exercise, key, tried, keys.own_judge) if repairs else marked(tried, course.repair)
            )
            program = name_of(tried.program, course.repair)
        _log.debug("%s, %s: %s", submission.student, exercise.id, result.verdict)
        about = provenance(course, exercise, key, layers)
        place = submission.note if submission.path else ""  # where there is no file, it is the feedback already
        results.append(ExerciseReport.about(result, submission.submitted_at, about, place, program))
    return Report.of(group[0].student, group[0].assignment, results)


def functions_of_others(course: Course, keys: Keys, exercise: Exercise) -> dict[str, tuple[str, ...]]:
    """The functions that the other exercises of its assignment ask for, by the exercise: a notebook may answer them too."""
    found: dict[str, tuple[str, ...]] = {}
    for other in course.assignment(exercise.assignment).exercises:
        if other.id != exercise.id:
            try:
                found[other.id] = keys.of(other).functions
            except (CourseError, UsageError):
                found[other.id] = (other.id,)
    return found


def _read(submission: Submission, known: dict[Path, Source | Refusal]) -> Source | Refusal:
    """Read each file once: a notebook for a whole assignment is the same for all of its exercises, and may be large."""
    if submission.path is None:
        return read_program(submission)
    if submission.path not in known:
        known[submission.path] = read_program(submission)
    return known[submission.path]


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
