"""What today's checks make of answers that were judged by other ones: asked first, and recorded only on purpose."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import msgspec

from grader.grading.classes import graded, task_of
from grader.judging.verdicts import Verdict
from grader.record.rows import JUDGED, NOTHING_FOUND
from grader.record.running import judgement_of, new
from grader.record.stored import read_stored, submission_of
from grader.submissions.program import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.grading.classes import Graded
    from grader.grading.executor import Executor
    from grader.grading.reading import Answer, Reader
    from grader.judging.answer_key import AnswerKey
    from grader.record.record import Record
    from grader.record.rows import Entry, New, Place
    from grader.reports.report import ExerciseReport, Provenance

__all__ = ["Change", "Difference", "Ending", "Regraded", "change", "regrade"]


class Regraded(msgspec.Struct, frozen=True):
    """A result that counts, and what would come of the same answer now."""

    before: Entry
    after: ExerciseReport | None
    """None where what was handed in is not in the record."""
    new: New | None

    @property
    def stays(self) -> bool:
        """Whether what counts goes on to count, since it could not be judged this time."""
        after = self.after
        return after is not None and after.verdict is Verdict.JUDGE_ERROR is not self.before.result.verdict


class Ending(msgspec.Struct, frozen=True):
    """How a check or an exercise ended."""

    verdict: str
    points: float
    max_points: float

    def __str__(self) -> str:
        """For reading."""
        return f"{self.verdict} {self.points:g} of {self.max_points:g}"


class Difference(msgspec.Struct, frozen=True):
    """A check that would end otherwise, and why; None where there was, or would be, none of that name."""

    check: str
    before: Ending | None
    after: Ending | None
    why: str


class Change(msgspec.Struct, frozen=True):
    """A result that would be another."""

    student: str
    assignment: str
    exercise: str
    before: Ending
    after: Ending
    checks: tuple[Difference, ...]


def regrade(
    record: Record, reader: Reader, executor: Executor, places: Iterable[Place]
) -> Iterator[tuple[Regraded, ...]]:
    """What would come of these answers now, those of one student's assignment together, as they are finished."""

    def prepared() -> Iterator[list[tuple[Entry, Answer | None]]]:
        for _, group in itertools.groupby(sorted(places), key=lambda place: place[:2]):
            entries = [entry for place in group if (entry := record.entry(*place))]
            yield [(entry, _answer(record, reader, entry)) for entry in entries]

    tasks = ((group, task_of(answer for _, answer in group if answer)) for group in prepared())
    for group, results in executor.run(tasks):
        found = {id(each.answer): each for each in graded([answer for _, answer in group if answer], results)}
        yield tuple(_regraded(entry, found.get(id(answer))) for entry, answer in group)


def _regraded(entry: Entry, found: Graded | None) -> Regraded:
    if found is None:
        return Regraded(entry, None, None)
    judgement = judgement_of(found)
    # What counted goes on to count, also where today's checks find nothing in it.
    rank = JUDGED if judgement.rank == NOTHING_FOUND and entry.rank > NOTHING_FOUND else None
    return Regraded(entry, found.report, new(found.answer, judgement, rank))


def _answer(record: Record, reader: Reader, entry: Entry) -> Answer | None:
    read = read_stored(record, entry)
    if read is None or (isinstance(read, Refusal) and read.fault):
        return None  # a file that could not be read is read by the next run, if it is still there
    return reader.with_key(reader.answer(submission_of(entry), read, entry.content or ""))


def change(one: Regraded, was: AnswerKey | None, now: AnswerKey) -> Change | None:
    """What would be another, check by check; None where nothing would. `was` is the key of the result, where it is known."""
    entry = one.before
    if one.after is None or one.stays:
        return None
    before, after = (Ending(each.verdict, each.score, each.max_score) for each in (entry.result, one.after))
    if before == after:
        return None
    checks = tuple(_differences(one.before, one.after, was, now))
    return Change(entry.student, entry.assignment, entry.exercise, before, after, checks)


def _differences(entry: Entry, report: ExerciseReport, was: AnswerKey | None, now: AnswerKey) -> Iterator[Difference]:
    before, after = (
        {check.name: Ending(check.verdict, check.points, check.max_points) for check in each.checks}
        for each in (entry.result, report)
    )
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            why = _why(name, was, now, entry.provenance, report.provenance)
            yield Difference(name, before.get(name), after.get(name), why)


def _why(name: str, was: AnswerKey | None, now: AnswerKey, before: Provenance, after: Provenance) -> str:
    old, new_one = ({check.name: check for check in key.checks} if key else {} for key in (was, now))
    if before.key != after.key and was is None:
        return "the checks have changed"
    if was is not None and (name in old) != (name in new_one):
        return "the check is new" if name in new_one else "the check is gone"
    if was is not None and old.get(name) != new_one.get(name):
        return "the check has changed"
    if changed := [
        f"{limit} {before.limits.get(limit)} -> {value}"
        for limit, value in after.limits.items()
        if before.limits.get(limit) != value
    ]:
        return f"limits have changed: {', '.join(changed)}"
    if before.grader != after.grader:
        return "the grader has changed"
    if (before.python, before.numpy, before.torch) != (after.python, after.numpy, after.torch):
        return "Python or a library has changed"
    return "it does not do the same twice"
