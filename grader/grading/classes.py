"""Grade a class, as a stream of what was graded, as it is finished."""

from __future__ import annotations

import itertools
import logging
from typing import TYPE_CHECKING

import msgspec

from grader.grading.reading import Reader
from grader.grading.tasks import Finding, Given, Task
from grader.judging.verdicts import ExerciseResult
from grader.reports.report import ExerciseReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from grader.course.model import Course
    from grader.grading.executor import Executor
    from grader.grading.keys import Keys
    from grader.grading.reading import Answer
    from grader.submissions.submission import Submission

__all__ = ["Graded", "grade_answers", "grade_class", "graded", "groups_of", "task_of"]

_log = logging.getLogger(__name__)


class Graded(msgspec.Struct, frozen=True):
    """An answer, and what came of it; `lasting` says whether the same would come of it again."""

    answer: Answer
    report: ExerciseReport
    lasting: bool


def grade_class(
    course: Course, keys: Keys, submissions: Iterable[Submission], executor: Executor
) -> Iterator[tuple[Graded, ...]]:
    """What is graded of each student and assignment, as it is finished, while the next are being graded.

    Raises UsageError before anything is graded where isolation that is required is missing.
    """
    reader = Reader(course, keys, executor.start())
    groups = (tuple(map(reader.with_key, reader.answers(group))) for group in groups_of(submissions))
    for answers, found in executor.run((answers, task_of(answers)) for answers in groups):
        yield graded(answers, found)


def groups_of(submissions: Iterable[Submission]) -> Iterator[tuple[Submission, ...]]:
    """The submissions of each student and assignment together."""
    for _, group in itertools.groupby(submissions, key=lambda entry: (entry.student, entry.assignment)):
        yield tuple(group)


def grade_answers(executor: Executor, answers: Sequence[Answer], *, search: bool = False) -> tuple[Graded, ...]:
    """What comes of one student's answers, which have their keys; with `search`, with what one edit says of them."""
    return graded(answers, executor.grade(task_of(answers, search=search)))


def task_of(answers: Iterable[Answer], *, search: bool = False, last: bool = False) -> Task:
    """What is to be done for answers: for those that there is a key of."""
    given = (
        Given(each.exercise, each.key, each.about.key, each.read, each.content, each.name, each.others)
        for each in answers
        if each.key is not None
    )
    return Task(tuple(given), search, last)


def graded(answers: Iterable[Answer], found: Iterable[Finding]) -> tuple[Graded, ...]:
    """The answers with what came of them; of one without a key, why it has none."""
    rest = iter(found)
    return tuple(
        _graded(each, next(rest) if each.key else Finding(ExerciseResult.unjudged(each.exercise.id, each.fault)))
        for each in answers
    )


def _graded(answer: Answer, found: Finding) -> Graded:
    submission = answer.submission
    _log.debug("%s, %s: %s", submission.student, answer.exercise.id, found.result.verdict)
    report = ExerciseReport.about(found.result, submission.submitted_at, answer.about, submission.place, found.program)
    return Graded(answer, report, found.lasting)
