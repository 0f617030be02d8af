"""A class's term out of its record: which attempts count by the course's rules, what they are worth, and what may be seen."""

from __future__ import annotations

import itertools
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace
from msgspec.structs import replace as replaced

from grader.course.policies import Attempt, Attempts, due_of
from grader.course.teams import teams_of
from grader.course.term import late_words, term
from grader.judging.verdicts import Verdict
from grader.names import shown
from grader.record.appending import in_parts
from grader.record.clock import moment_or_ever
from grader.record.decisions import excuses, extensions, marks, published
from grader.record.rows import JUDGED, NOT_JUDGED
from grader.reports.grades_csv import GradeRow
from grader.reports.marks import EXTRA, OVERALL, with_marks
from grader.reports.report import Worth
from grader.reports.visible import Moment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from grader.course.model import Course, Exercise, Timestamps
    from grader.course.policies import Counted
    from grader.course.term import Sum
    from grader.judging.verdicts import ExerciseResult
    from grader.record.record import Record
    from grader.record.rows import Entry, Tried

__all__ = ["Standing", "Term"]

_DEFAULT = Attempts()
_TOGETHER = 50
"""How many students are read at once: as many as make the statements few, and so few that the memory stays small."""

_Place = tuple[str, str]
"""An assignment and an exercise."""


class Standing(msgspec.Struct, frozen=True):
    """One student's term: its sum, and for each answer what counts of it."""

    sum: Sum
    tried: Mapping[_Place, Tried]
    worth: Mapping[_Place, Worth]

    @property
    def student(self) -> str:
        """Whose it is."""
        return self.sum.student


class Term:
    """What people have decided by now, and what the course's rules make of it."""

    def __init__(self, record: Record, course: Course) -> None:
        """Read the acts of the record, and teams.csv. Raises UsageError."""
        self._record, self._course = record, course
        acts = record.acts()
        self._extensions, self._excused, self._marks = extensions(acts), excuses(acts), marks(acts)
        self._published = published(acts)
        self.teams = teams_of(course)

    def standings(self, students: Collection[str] = (), now: datetime | None = None) -> Iterator[Standing]:
        """The terms of all students that the record knows, or of those named, by student; as of `now`, else of its end."""
        for part in in_parts(sorted(students or self._record.students), _TOGETHER):
            by_student: dict[str, list[Tried]] = defaultdict(list)
            for each in self._marked(self._record.tried(self._with_mates(part))):
                by_student[each.student].append(each)
            for student in part:
                yield self._standing(student, by_student, now)

    @cached_property
    def _possible(self) -> Mapping[_Place, float]:
        """The points of all that anybody was graded for: once one student was, it counts for everybody."""
        return self._record.possible()

    def _with_mates(self, students: Collection[str]) -> set[str]:
        """Students, and all who are in a team with one of them."""
        teams = {self.teams[student] for student in students if student in self.teams}
        return {*students, *(mate for mate, team in self.teams.items() if team in teams)}

    def _marked(self, rows: Sequence[Tried]) -> list[Tried]:
        """The attempts, with a person's points in those that hold a text."""
        whole = {(student, exercise) for student, exercise, check, _ in self._marks if check in (OVERALL, EXTRA)}
        marked = [each.result_id for each in rows if each.written or (each.student, each.exercise) in whole]
        given = {
            entry.result_id: with_marks(entry.student, entry.result, self._marks, entry.program)
            for entry in self._record.results(marked)
        }
        return [
            replace(each, verdict=result.verdict, score=result.score, waiting=any(one.waiting for one in result.checks))
            if (result := given.get(each.result_id))
            else each
            for each in rows
        ]

    def _standing(
        self,
        student: str,
        by_student: Mapping[str, Sequence[Tried]],
        now: datetime | None,
    ) -> Standing:
        course = self._course
        teams = [self.teams[student]] if student in self.teams else []
        tried: dict[_Place, Tried] = {
            (each.assignment, each.exercise): each for each in by_student.get(student, ()) if each.current
        }
        attempts: dict[_Place, list[Attempt]] = {}
        numbered: dict[int, Tried] = {}
        for place, rows in self._with_team(student, by_student).items():
            numbered |= {each.result_id: each for each in rows}
            attempts[place] = [_attempt(each, course.timestamps) for each in rows]
        # An answer is worth the points of the checks that judged it, and what could not be judged costs nothing.
        own = {place: 0.0 if each.verdict is Verdict.JUDGE_ERROR else each.max_score for place, each in tried.items()}
        possible = {**self._possible, **own}
        ungraded = self._possible.keys() - tried.keys() - attempts.keys()
        parts = [
            course.part(
                each,
                {one.id: possible.get((each.id, one.id), 0.0) for one in each.exercises},
                [one.id for one in each.exercises if (each.id, one.id) in ungraded],
            )
            for each in course.assignments
        ]
        excused = frozenset[str]().union(*(self._excused.get(name, ()) for name in (student, *teams)))
        found = term(
            student, teams, parts, attempts, course.rules, extensions=self._extensions, excused=excused, now=now
        )
        counted = {
            (mark.part.name, exercise): one for mark in found.marks for exercise, one in mark.counted.items() if one
        }
        tried |= {place: numbered[one.attempt.number] for place, one in counted.items()}
        costly = {each.id for each in course.assignments if each.late.costs}
        worth = {
            place: _worth(each, counted.get(place), excused=place[0] in excused, costs=place[0] in costly)
            for place, each in tried.items()
        }
        for place, each in tried.items():
            if notes := tuple(self._notes(student, each, len(attempts.get(place, ())))):
                worth[place] = replaced(worth[place], notes=(*notes, *worth[place].notes))
        return Standing(found, tried, worth)

    def _notes(self, student: str, each: Tried, attempts: int) -> Iterator[str]:
        """Why it is this attempt that counts, where that is not plain."""
        if each.student != student:
            yield f"Handed in by {shown(each.student)} for your team."
        rule = self._course.rules.attempts
        if rule != _DEFAULT and attempts > 1:
            yield f"Of {attempts} attempts the {rule.count} counts, handed in at {each.submitted_at}."

    def _with_team(self, student: str, by_student: Mapping[str, Sequence[Tried]]) -> dict[_Place, list[Tried]]:
        """A student's attempts that rules choose among, and in an assignment for teams those of the whole team."""
        default = self._course.rules.attempts == _DEFAULT
        found = _attempted(by_student.get(student, ()), default=default)
        if student in self.teams:
            shared = {each.id for each in self._course.assignments if each.team}
            for other in sorted(by_student):
                if other != student and self.teams.get(other) == self.teams[student]:
                    for place, rows in _attempted(by_student[other], default=default).items():
                        if place[0] in shared:
                            found.setdefault(place, []).extend(rows)
        return found

    def entries(self, student: str = "", assignments: Collection[str] = ()) -> Iterator[tuple[Entry, Worth]]:
        """What counts of each answer, with what a person gave, and what it is worth; by student, assignment and exercise."""
        standings = self.standings([student] if student else ())
        return self.entries_of((standing, assignments) for standing in standings)

    def entries_of(self, terms: Iterable[tuple[Standing, Collection[str]]]) -> Iterator[tuple[Entry, Worth]]:
        """The same of some students' terms, each with the assignments that are meant; all, where it has none."""
        terms = iter(terms)
        while some := list(itertools.islice(terms, _TOGETHER)):
            wanted = [
                (standing, place)
                for standing, assignments in some
                for place in sorted(standing.tried)
                if not assignments or place[0] in assignments
            ]
            numbers = [standing.tried[place].result_id for standing, place in wanted]
            for (standing, place), entry in zip(wanted, self._record.results(numbers), strict=True):
                yield self._with_marks(entry, standing), standing.worth[place]

    def counting(self, student: str, exercise: Exercise) -> Entry | None:
        """The answer that counts of a student, which may be a team mate's; None where there is none."""
        (standing,) = self.standings([student])
        tried = standing.tried.get((exercise.assignment, exercise.id))
        return next(self._record.results([tried.result_id] if tried else []), None)

    def marked(self, entry: Entry, result: ExerciseResult | None = None) -> ExerciseResult:
        """What came of an answer, or what comes of it by now, with what people gave for it."""
        return with_marks(entry.student, result or entry.result, self._marks, entry.program)

    def _with_marks(self, entry: Entry, standing: Standing) -> Entry:
        return replace(entry, student=standing.student, result=self.marked(entry))

    def rows(self) -> Iterator[GradeRow]:
        """The lines of grades.csv, of all that the record has."""
        for standing in self.standings():
            for (assignment, exercise), each in standing.tried.items():
                worth = standing.worth[assignment, exercise]
                yield GradeRow(
                    student=standing.student, assignment=assignment, exercise=exercise, verdict=each.verdict,
                    score=None if each.verdict is Verdict.JUDGE_ERROR else each.score, max_score=each.max_score,
                    misconceptions=each.misconceptions, submitted_at=each.submitted_at, penalty=worth.penalty,
                    final=worth.final, waiting=each.waiting,
                )  # fmt: skip

    def due(self, student: str, assignment: str) -> datetime | None:
        """When an assignment is due for a student, extensions included; None where it never is."""
        due = {each.id: each.due for each in self._course.assignments}.get(assignment)
        names = {student, *([self.teams[student]] if student in self.teams else [])}
        return due_of(due, names, assignment, self._extensions)

    def moment(self, assignment: str, now: datetime) -> Moment:
        """What is true of an assignment at a moment, for what its pages may show."""
        due = {each.id: each.due for each in self._course.assignments}.get(assignment)
        if due is not None:
            due = max([due, *(each.until for each in self._extensions if each.assignment == assignment)])
        return Moment(now=now, last_due=due, published=assignment in self._published)


def _attempted(rows: Iterable[Tried], *, default: bool) -> dict[_Place, list[Tried]]:
    """A student's attempts, by assignment and exercise.

    What somebody has set to nothing by hand ends what came before it. A stub is no attempt, and what could not be judged is none
    while something could. A file that was found again, with another time of its own, is the same attempt.
    """
    found: dict[_Place, list[Tried]] = defaultdict(list)
    for each in rows:
        place = found[each.assignment, each.exercise]
        if each.verdict is Verdict.NOT_ATTEMPTED:
            if each.rank == JUDGED and each.content is None:
                place.clear()
        elif each.current or not default:
            if not (place and each.by != "service" and place[-1].content == each.content and each.content):
                place.append(each)
            elif each.current:
                place[-1] = each
    for place in found.values():
        judged = [each for each in place if each.rank != NOT_JUDGED]
        if judged:
            place[:] = judged
    return {place: each for place, each in found.items() if each}


def _attempt(each: Tried, timestamps: Timestamps) -> Attempt:
    return Attempt(
        name=str(each.content or each.attempt), at=moment_or_ever(each.submitted_at), number=each.result_id,
        trusted=each.by == "service" or (each.by == "timestamp" and timestamps == "nbgrader"), flagged=each.by == "canvas",
        points=None if each.waiting or each.verdict is Verdict.JUDGE_ERROR else each.score, possible=each.max_score,
    )  # fmt: skip


def _worth(each: Tried, counted: Counted | None, *, excused: bool, costs: bool) -> Worth:
    """What is left of an answer; nothing is, and nothing is asked, of one who is excused.

    That nobody knows how late it was is said where that could have cost something.
    """
    if excused:
        return Worth(0.0, None, ("You are excused from this assignment.",), excused=True)
    if counted is None:
        return Worth(0.0, None if each.verdict is Verdict.JUDGE_ERROR else each.score)
    words = late_words(counted) if costs or counted.late else ""
    return Worth(counted.penalty or 0.0, counted.final, (f"{words[0].upper()}{words[1:]}.",) if words else ())
