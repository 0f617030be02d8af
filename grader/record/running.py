"""Grade a class into its record: what is known is not run again, and what is found out is added as it comes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.grading.classes import grade_answers, groups_of, in_order
from grader.grading.provenance import exact_version
from grader.grading.reading import Reader, name_of
from grader.grading.repair import Repairs
from grader.judging.verdicts import Verdict
from grader.record.older import older
from grader.record.rows import NOTHING_FOUND, Judgement, New
from grader.reports.report import same_outcome
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.course.model import Course
    from grader.grading.classes import Graded
    from grader.grading.keys import Keys
    from grader.grading.pool import Pool
    from grader.grading.reading import Answer
    from grader.record.record import Record
    from grader.record.rows import Judged, Known, Place
    from grader.record.writing import Writer

__all__ = ["Grading", "Step", "judgement_of", "new", "place_of"]


@dataclass(frozen=True, slots=True)
class Step:
    """What one student's assignment has come to; nothing is told of one in which nothing has changed."""

    student: str
    assignment: str
    answers: int
    unjudged: tuple[str, ...]
    """The exercises that could not be judged."""
    kept: bool
    """Whether an earlier score stays since nothing was found this time."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done for one student's assignment, of which something has changed."""

    answers: tuple[Answer, ...]
    known: tuple[tuple[Answer, Judged], ...]
    """What has been judged before, if for another."""
    due: tuple[Answer, ...]


class Grading:
    """One run on a record. `grade`, then `search`."""

    def __init__(self, record: Record, course: Course, keys: Keys, pool: Pool, jobs: int) -> None:
        """Start a worker. Raises UsageError where isolation that is required is missing."""
        self._record, self._course, self._keys, self._pool, self._jobs = record, course, keys, pool, jobs
        self._reader = Reader(course, keys, pool.start())

    def grade(
        self, submissions: Iterable[Submission], known: Mapping[Place, Known], writer: Writer, *, missing_is_zero: bool
    ) -> Iterator[Step]:
        """Grade what is not `known`, add it to the record, and write it once it is there."""
        waiting: list[tuple[str, str]] = []

        def write() -> None:
            if not self._record.waits:
                writer.write(waiting)
                waiting.clear()

        plans = filter(None, (self._plan(group, known) for group in groups_of(submissions)))
        for plan, graded in in_order(self._run, plans, self._jobs, self._pool.abort, write):
            found: list[tuple[Answer, Judgement | int, int]] = []
            found += [(answer, judged.number, judged.rank) for answer, judged in plan.known]
            found += [(each.answer, judgement, judgement.rank) for each in graded for judgement in [judgement_of(each)]]
            self._record.add(
                [
                    new(answer, judged, forced=missing_is_zero and rank == NOTHING_FOUND)
                    for answer, judged, rank in found
                ]
            )
            first = plan.answers[0].submission
            waiting.append((first.student, first.assignment))
            write()
            missing = [known.get(place_of(answer.submission)) for answer, _, rank in found if rank == NOTHING_FOUND]
            yield Step(
                first.student, first.assignment, len(plan.answers),
                tuple(each.report.exercise for each in graded if each.report.verdict is Verdict.JUDGE_ERROR),
                not missing_is_zero and any(each is not None and each.rank > NOTHING_FOUND for each in missing),
            )  # fmt: skip

    def _plan(self, group: Sequence[Submission], known: Mapping[Place, Known]) -> _Plan | None:
        answers = self._reader.answers(group)
        changed = [each for each in answers if not _is_known(each, known.get(place_of(each.submission)))]
        if not changed:
            return None
        judged = self._record.judged({each.identity for each in changed if each.identity})
        again = tuple((each, judged[each.identity]) for each in changed if each.identity in judged)
        due = tuple(self._reader.with_key(each) for each in changed if each.identity not in judged)
        return _Plan(answers, again, due)

    def _run(self, plan: _Plan) -> tuple[_Plan, tuple[Graded, ...]]:
        if not plan.due:
            return plan, ()
        with self._pool.bench() as bench:
            return plan, grade_answers(self._course, self._keys, bench, plan.due)

    def older(self, submissions: Iterable[Submission], known: Mapping[Place, Known]) -> int:
        """How many results this run has not touched that were judged otherwise than they would be now.

        Where inputs are individual that is not looked for: it would compile a key for each student and exercise.
        """
        if self._course.individual:
            return 0
        touched = {place_of(each) for each in submissions if each.path}
        return len(older(self._record, self._course, self._keys, self._reader, known, touched))

    def waiting(self, submissions: Iterable[Submission], known: Mapping[Place, Known]) -> list[tuple[Place, Known]]:
        """The answers among these in which an edit is still to be looked for, as they count and were judged as now."""
        places = (place_of(each) for each in submissions if each.path)
        waiting = ((place, known[place]) for place in places if place in known and known[place].waits)
        return [(place, one) for place, one in waiting if self._is_of_now(place, one)]

    def _is_of_now(self, place: Place, known: Known) -> bool:
        key = self._keys.digest(self._course.exercise(place[2]), place[0])
        return known.content is not None and (known.key, known.grader) == (key, exact_version())

    def search(self, waiting: Iterable[tuple[Place, Known]], writer: Writer) -> Iterator[None]:
        """Look for one edit in each of these answers; all else on the machine goes first.

        What it finds is added only where the program does what it did when it was graded: so a search changes no grade.
        """
        repairs = Repairs(self._course)
        self._pool.step_back()

        def search(item: tuple[Known, Answer]) -> tuple[Known, Graded]:
            known, answer = item
            with self._pool.bench() as bench:
                (graded,) = grade_answers(self._course, self._keys, bench, [answer], repairs)
            return known, graded

        answers = ((known, self._reader.with_key(self._stored(place, known))) for place, known in waiting)
        for known, graded in in_order(search, answers, self._jobs, self._pool.abort):
            submission = graded.answer.submission
            entry = self._record.entry(*place_of(submission))
            # What was stopped by chance says nothing for good; the next run searches it again.
            searched = graded.lasting and not graded.report.not_searched
            found_out = entry and entry.result_id == known.result_id and searched
            if entry and found_out and same_outcome(entry.report(), graded.report):
                self._record.add_edit(known.judgement_id, graded.report.result())
                writer.write([(submission.student, submission.assignment)])
            yield

    def _stored(self, place: Place, known: Known) -> Answer:
        """An answer as it was handed in, out of the record."""
        student, assignment, exercise = place
        submission = Submission(student, assignment, exercise, Path(known.name), known.submitted_at, known.place)
        content = known.content or ""
        return self._reader.answer(submission, self._record.content(content), content)


def place_of(submission: Submission) -> Place:
    """Whose answer to what it is."""
    return submission.student, submission.assignment, submission.exercise


def judgement_of(graded: Graded) -> Judgement:
    """What was found out about an answer; to be used again where the same would come of it."""
    identity = graded.answer.identity if graded.lasting else ""
    return Judgement(
        result=graded.report.result(), provenance=graded.report.provenance, program=graded.report.program,
        identity=identity or None,
    )  # fmt: skip


def new(answer: Answer, judged: Judgement | int, *, forced: bool = False) -> New:
    """An answer with what came of it, to be recorded."""
    submission = answer.submission
    return New(
        student=submission.student, assignment=submission.assignment, exercise=submission.exercise,
        name=name_of(submission), data=answer.data, submitted_at=submission.submitted_at,
        place=submission.note if submission.path else "", judgement=judged, forced=forced,
    )  # fmt: skip


def _is_known(answer: Answer, known: Known | None) -> bool:
    """Whether an answer counts already, as it was found this time, and would be judged as it was."""
    if known is None or not answer.identity:
        return False
    submission = answer.submission
    found = (answer.identity, answer.content, name_of(submission), submission.submitted_at)
    place = submission.note if submission.path else ""
    return (*found, place) == (known.identity, known.content or "", known.name, known.submitted_at, known.place)
