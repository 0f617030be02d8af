"""Grade a class into its record: what is known is not run again, and what is found out is added as it comes."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.grading.classes import graded, groups_of, task_of
from grader.grading.provenance import exact_version
from grader.grading.reading import Reader
from grader.judging.verdicts import Verdict
from grader.record.older import older
from grader.record.rows import EARLIER, JUDGED, NOTHING_FOUND, Judgement, New
from grader.reports.report import same_outcome
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from grader.course.model import Course
    from grader.grading.classes import Graded
    from grader.grading.executor import Executor
    from grader.grading.keys import Keys
    from grader.grading.reading import Answer
    from grader.record.record import Record
    from grader.record.rows import Earlier, Judged, Known, Place
    from grader.record.writing import Writer

__all__ = ["Grading", "Step", "judgement_of", "new", "place_of"]


class Step(msgspec.Struct, frozen=True):
    """What one student's assignment has come to; nothing is told of one in which nothing has changed."""

    student: str
    assignment: str
    answers: int
    unjudged: tuple[str, ...]
    """The exercises that could not be judged."""
    kept: bool
    """Whether an earlier score stays since nothing was found this time."""


class _Plan(msgspec.Struct, frozen=True):
    """What is to be done for one student's assignment, of which something has changed."""

    answers: tuple[Answer, ...]
    known: tuple[tuple[Answer, Judged], ...]
    """What has been judged before, if for another."""
    due: tuple[Answer, ...]


_Changed = tuple[tuple["Answer", ...], list["Answer"]]

_READ_AHEAD, _BYTES_AHEAD = 32, 4 * 2**20
"""How many groups of answers the record is asked about at once, and with how many bytes in them: a statement takes as long as much else."""


def _together(groups: Iterable[_Changed]) -> Iterator[list[_Changed]]:
    """A few groups at a time."""
    some: list[_Changed] = []
    size = 0
    for group in groups:
        some.append(group)
        size += sum(len(each.data or b"") for each in group[0])
        if len(some) == _READ_AHEAD or size > _BYTES_AHEAD:
            yield some
            some, size = [], 0
    if some:
        yield some


class Grading:
    """One run on a record. `grade`, then `search`."""

    def __init__(self, record: Record, course: Course, keys: Keys, executor: Executor, *, new: int = 0) -> None:
        """Start a worker, and what so many new answers need. Raises UsageError where isolation that is required is missing."""
        self._record, self._course, self._keys, self._executor = record, course, keys, executor
        executor.expect(new)
        self.layers = executor.start()
        self._reader = Reader(course, keys, self.layers)

    def grade(
        self, submissions: Iterable[Submission], known: Mapping[Place, Known], writer: Writer, *, missing_is_zero: bool
    ) -> Iterator[Step]:
        """Grade what is not `known`, add it to the record as it is finished, and write it once it is there."""
        waiting: list[tuple[str, str]] = []

        def write() -> None:
            self._record.flush_in_time()
            if not self._record.waits:
                writer.write(waiting)
                waiting.clear()

        plans = self._plans(submissions, known)
        for plan, results in self._executor.run(((plan, task_of(plan.due)) for plan in plans), write):
            write()  # before more is added, which would have to wait until it is in the record as well
            judged_now = graded(plan.due, results)
            found: list[tuple[Answer, Judgement | int, int]] = []
            found += [(answer, judged.number, judged.rank) for answer, judged in plan.known]
            found += [
                (each.answer, judgement, judgement.rank) for each in judged_now for judgement in [judgement_of(each)]
            ]
            self._record.add(
                [
                    new(answer, judged, JUDGED if missing_is_zero and rank == NOTHING_FOUND else None)
                    for answer, judged, rank in found
                ]
            )
            first = plan.answers[0].submission
            waiting.append((first.student, first.assignment))
            missing = [known.get(place_of(answer.submission)) for answer, _, rank in found if rank == NOTHING_FOUND]
            yield Step(
                first.student, first.assignment, len(plan.answers),
                tuple(each.report.exercise for each in judged_now if each.report.verdict is Verdict.JUDGE_ERROR),
                not missing_is_zero and any(each is not None and each.rank > NOTHING_FOUND for each in missing),
            )  # fmt: skip

    def grade_earlier(self, attempts: Iterable[Earlier]) -> Iterator[None]:
        """Grade what was handed in before what is graded, of which the record has the content; it counts by a term's rules alone.

        What one student handed in for an assignment is recorded in the order in which it is given.
        """
        groups = itertools.groupby(attempts, key=lambda one: (one.student, one.assignment))
        plans = (self._plan_of_earlier(group) for _, group in groups)
        for plan, results in self._executor.run((plan, task_of(plan.due)) for plan in plans):
            judged: dict[int, Judgement | int] = {id(answer): one.number for answer, one in plan.known}
            judged |= {id(each.answer): judgement_of(each) for each in graded(plan.due, results)}
            for answer in plan.answers:
                self._record.add([new(answer, judged[id(answer)], EARLIER)])
                yield

    def _plan_of_earlier(self, attempts: Iterable[Earlier]) -> _Plan:
        answers = []
        known: list[tuple[Answer, Judged]] = []
        for one in attempts:
            submission = Submission(
                one.student, one.assignment, one.exercise, Path(one.name), one.submitted_at, by=one.by
            )
            answer = self._reader.answer(submission, self._record.content(one.content), one.content)
            judged = self._record.judged([answer.identity]).get(answer.identity) if answer.identity else None
            if judged:
                known.append((answer, judged))
            else:
                answer = self._reader.with_key(answer)
            answers.append(answer)
        found = {id(answer) for answer, _ in known}
        return _Plan(tuple(answers), tuple(known), tuple(each for each in answers if id(each) not in found))

    def _plans(self, submissions: Iterable[Submission], known: Mapping[Place, Known]) -> Iterator[_Plan]:
        """What is to be done for each student's assignment of which something has changed."""
        for some in _together(self._changed(submissions, known)):
            identities = {each.identity for _, changed in some for each in changed if each.identity}
            judged = self._record.judged(identities)
            for answers, changed in some:
                again = tuple((each, judged[each.identity]) for each in changed if each.identity in judged)
                due = tuple(self._reader.with_key(each) for each in changed if each.identity not in judged)
                yield _Plan(answers, again, due)

    def _changed(self, submissions: Iterable[Submission], known: Mapping[Place, Known]) -> Iterator[_Changed]:
        """The answers of each student's assignment, and those among them that are not known, where there are any."""
        for group in groups_of(submissions):
            answers = self._reader.answers(group)
            changed = [each for each in answers if not _is_known(each, known.get(place_of(each.submission)))]
            if changed:
                yield answers, changed

    def older(self, submissions: Iterable[Submission], known: Mapping[Place, Known]) -> int:
        """How many results of what was handed in, not touched by this run, were judged otherwise than they would be now.

        Where inputs are individual that is not looked for: it would compile a key for each student and exercise.
        """
        if self._course.individual:
            return 0
        touched = {place_of(each) for each in submissions if each.path}
        found = older(self._record, self._course, self._keys, self._reader, known, touched)
        return sum(known[place].content is not None for place in found)

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
        answers = ((known, self._reader.with_key(self._stored(place, known))) for place, known in waiting)
        tasks = (((known, answer), task_of([answer], search=True, last=True)) for known, answer in answers)
        for (known, answer), results in self._executor.run(tasks):
            (found,) = graded([answer], results)
            submission = answer.submission
            entry = self._record.entry(*place_of(submission))
            # What was stopped by chance says nothing for good; the next run searches it again.
            searched = found.lasting and not found.report.not_searched
            found_out = entry and entry.result_id == known.result_id and searched
            if entry and found_out and same_outcome(entry.report(), found.report):
                self._record.add_edit(known.judgement_id, found.report.result())
                writer.write([(submission.student, submission.assignment)])
            yield

    def _stored(self, place: Place, known: Known) -> Answer:
        """An answer as it was handed in, out of the record."""
        student, assignment, exercise = place
        submission = Submission(
            student, assignment, exercise, Path(known.name), known.submitted_at, known.place, known.by
        )
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


def new(answer: Answer, judged: Judgement | int, rank: int | None = None) -> New:
    """An answer with what came of it, to be recorded; at another rank than its judgement's, where one is given."""
    submission = answer.submission
    return New(
        student=submission.student, assignment=submission.assignment, exercise=submission.exercise,
        name=answer.name, data=answer.data, submitted_at=submission.submitted_at,
        place=submission.place, judgement=judged, rank=rank, by=submission.by,
    )  # fmt: skip


def _is_known(answer: Answer, known: Known | None) -> bool:
    """Whether an answer counts already, as it was found this time, and would be judged as it was."""
    if known is None or not answer.identity:
        return False
    submission = answer.submission
    found = (answer.identity, answer.content, answer.name, submission.submitted_at, submission.by)
    was = (known.identity, known.content or "", known.name, known.submitted_at, known.by)
    return (*found, submission.place) == (*was, known.place)
