"""What was handed in before what is graded: kept, and judged where the rules of the term may count it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.course.policies import Attempt, may_count
from grader.record.clock import moment_or_ever
from grader.record.rows import Earlier
from grader.submissions.intake.received import RECORDS, content_of, in_place, received_or_none

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from grader.course.policies import Attempts
    from grader.record.record import Record
    from grader.submissions.intake.received import Attempt as ReceivedAttempt
    from grader.submissions.submission import Submission

__all__ = ["keep_earlier"]


def keep_earlier(record: Record, submitted: Path, found: Sequence[Submission], rule: Attempts) -> list[Earlier]:
    """Keep what `grader collect` collected before what is graded now, of the same students and exercises.

    Those whose points decide by the rule are given back, as far as their content is there.
    """
    above = submitted if (submitted / RECORDS).is_dir() else submitted.resolve().parent
    wanted = {each.exercise for each in found}
    earlier: list[Earlier] = []
    deciding: list[Earlier] = []
    for student, assignment in dict.fromkeys((each.student, each.assignment) for each in found):
        received = received_or_none(above, student, assignment)
        if received is None:
            continue
        attempts = [each for each in received.attempts if each.exercise in wanted]
        current = {id(each) for each in in_place(received.attempts).values()}
        decides = set(_deciding(attempts, rule))
        for index, each in enumerate(attempts):
            if id(each) not in current:
                one = Earlier(
                    student=student, assignment=assignment, exercise=each.exercise, content=each.sha256, name=each.file,
                    submitted_at=each.submitted_at, by=each.word,
                )  # fmt: skip
                earlier.append(one)
                deciding += [one] * (index in decides)
    if earlier:
        record.keep(earlier, lambda sha256: content_of(above, sha256))
    there = record.has_contents({one.content for one in deciding})
    return [one for one in deciding if one.content in there]


def _deciding(attempts: Iterable[ReceivedAttempt], rule: Attempts) -> Iterator[int]:
    """The places in the list of the attempts whose points decide."""
    by_exercise: dict[str, list[Attempt]] = {}
    for index, each in enumerate(attempts):
        at = moment_or_ever(each.submitted_at)
        one = Attempt(name=each.sha256, at=at, number=index, trusted=True, points=None, possible=0.0)
        by_exercise.setdefault(each.exercise, []).append(one)
    for found in by_exercise.values():
        yield from (one.number for one in may_count(found, rule))
