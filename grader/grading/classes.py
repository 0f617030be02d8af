"""Grade a class, as a stream of what was graded, in parallel and in order."""

from __future__ import annotations

import itertools
import logging
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from grader.grading.attempt import attempt
from grader.grading.reading import Reader
from grader.grading.repair import marked, name_of
from grader.judging.verdicts import ExerciseResult
from grader.reports.report import ExerciseReport
from grader.submissions.program import Refusal, program_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from grader.course.model import Course
    from grader.grading.keys import Keys
    from grader.grading.pool import Bench, Pool
    from grader.grading.reading import Answer
    from grader.grading.repair import Repairs
    from grader.submissions.program import Source
    from grader.submissions.submission import Submission

__all__ = ["Graded", "grade_answers", "grade_class", "groups_of", "in_order"]

_log = logging.getLogger(__name__)
_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_IDLE = 0.2
"""How many seconds are waited before something else is done."""


@dataclass(frozen=True, slots=True)
class Graded:
    """An answer, and what came of it; `lasting` says whether the same would come of it again."""

    answer: Answer
    report: ExerciseReport
    lasting: bool


def grade_class(
    course: Course, keys: Keys, submissions: Iterable[Submission], jobs: int, pool: Pool
) -> Iterator[tuple[Graded, ...]]:
    """What is graded of each student and assignment, in the order of the submissions, while the next are being graded.

    Raises UsageError before anything is graded where isolation that is required is missing.
    """
    reader = Reader(course, keys, pool.start())
    groups = (tuple(map(reader.with_key, reader.answers(group))) for group in groups_of(submissions))

    def grade(group: Sequence[Answer]) -> tuple[Graded, ...]:
        with pool.bench() as bench:
            return grade_answers(course, keys, bench, group)

    yield from in_order(grade, groups, jobs, pool.abort)


def groups_of(submissions: Iterable[Submission]) -> Iterator[tuple[Submission, ...]]:
    """The submissions of each student and assignment together."""
    for _, group in itertools.groupby(submissions, key=lambda entry: (entry.student, entry.assignment)):
        yield tuple(group)


def grade_answers(
    course: Course, keys: Keys, bench: Bench, answers: Sequence[Answer], repairs: Repairs | None = None
) -> tuple[Graded, ...]:
    """What comes of one student's answers, which have their keys; with `repairs`, with what one edit says of them."""
    parsed: dict[str, Source | Refusal] = {}
    return tuple(_grade(course, keys, bench, answer, parsed, repairs) for answer in answers)


def _grade(  # noqa: PLR0913
    course: Course, keys: Keys, bench: Bench, answer: Answer, parsed: dict[str, Source | Refusal], repairs: Repairs | None
) -> Graded:  # fmt: skip
    submission, exercise, key = answer.submission, answer.exercise, answer.key
    program, lasting = "", False
    if key is None:
        result = ExerciseResult.unjudged(exercise.id, answer.fault)
    else:
        source = _source(answer, parsed)
        tried = attempt(bench, exercise, key, source, answer.others, keys.own_judge, keys.altered(exercise, key))
        result = (
            repairs.result(bench, exercise, key, tried, keys.own_judge) if repairs else marked(tried, course.repair)
        )
        program, lasting = name_of(tried.program, course.repair), tried.lasting
    _log.debug("%s, %s: %s", submission.student, exercise.id, result.verdict)
    place = submission.note if submission.path else ""  # where there is no file, it is the feedback already
    report = ExerciseReport.about(result, submission.submitted_at, answer.about, place, program)
    return Graded(answer, report, lasting)


def _source(answer: Answer, parsed: dict[str, Source | Refusal]) -> Source | Refusal:
    """The program that an answer is. A notebook for a whole assignment is the same for all of its exercises, and may be large."""
    if isinstance(answer.read, Refusal):
        return answer.read
    if not answer.submission.shared:
        return program_of(answer.submission, answer.read)
    if answer.content not in parsed:
        parsed[answer.content] = program_of(answer.submission, answer.read)
    return parsed[answer.content]


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


def in_order(
    function: Callable[[_Item], _Result], items: Iterable[_Item], jobs: int, abort: Callable[[], None],
    idle: Callable[[], None] | None = None,
) -> Iterator[_Result]:  # fmt: skip
    """Map in threads, yielding in order; at most a few items a thread are in flight, so that memory stays flat.

    The items are made in the thread that consumes what is yielded; `idle` is called there while the next is not done.
    """
    with _pool(jobs, abort) as pool:
        waiting: deque[Future[_Result]] = deque()

        def first() -> _Result:
            future = waiting.popleft()
            while idle and not wait([future], _IDLE).done:
                idle()
            return future.result()

        for item in items:
            waiting.append(pool.submit(function, item))
            if len(waiting) > 4 * jobs:
                yield first()
        while waiting:
            yield first()
