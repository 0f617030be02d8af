"""What came of a class, out of its reports: small enough to hold for a thousand students, and what is asked of it. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import msgspec

from grader.judging.verdicts import Verdict, nothing_handed_in
from grader.reports.groups import groups
from grader.reports.report import Report
from grader.reports.statistics import discrimination, share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from grader.course.model import Assignment, Course
    from grader.judging.verdicts import CheckResult
    from grader.reports.groups import Group
    from grader.reports.report import ExerciseReport

__all__ = ["Answer", "Asked", "ClassResults", "Item", "Trouble", "gathered"]


class Trouble(msgspec.Struct, frozen=True, order=True):
    """Something that waits for the instructor, before any number means what it seems to."""

    kind: str
    of: str
    """An exercise, an assignment, or all."""
    why: str
    student: str


class Asked(msgspec.Struct, frozen=True):
    """A check, as results have it: one of many, so it is a struct."""

    name: str
    claim: str
    public: bool
    possible: float


class Answer(msgspec.Struct, frozen=True):
    """What came of one student's answer to an exercise."""

    verdict: Verdict
    points: float | None
    """None where it could not be judged, or waits for a person."""
    waits: bool
    attempted: bool
    checks: tuple[Asked, ...]
    earned: tuple[float | None, ...]
    """For each check the share of its points, or, of one worth none, whether it was right; None where that waits for a person."""
    submitted_at: str


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """An exercise, or one of its checks, as test theory looks at it: at those who answered."""

    exercise: str
    check: Asked | None
    possible: float
    answered: int
    full: int
    """How many had all of it right."""
    share: float | None
    discrimination: float | None


class ClassResults(msgspec.Struct):
    """A course, or a part of it, and everybody's answers."""

    course: Course
    answers: dict[str, dict[str, Answer]]
    """By exercise and student."""
    possible: dict[str, float]
    """What each exercise is worth, as far as results say so."""
    students: list[str] = []
    """Who has a result, in order."""
    misconceptions: dict[tuple[str, str], list[str]] = {}
    """By exercise and misconception, whose answers have it."""
    unnamed: list[Report] = []
    """What no mistake explains."""
    troubles: list[Trouble] = []

    def groups(self) -> list[Group]:
        """The groups of what no mistake explains, biggest first."""
        return groups(self.unnamed, list(self.answers))

    def taking_part(self, assignment: Assignment) -> list[str]:
        """Who has answered any of an assignment."""
        found = {
            student
            for exercise in assignment.exercises
            for student, each in self.answers[exercise.id].items()
            if each.attempted
        }
        return sorted(found)

    def points(self, student: str, exercises: Iterable[str]) -> tuple[float, float]:
        """A student's points for these exercises, and the most they could be, without what could not be judged."""
        earned, most = [], []
        for exercise in exercises:
            answer = self.answers[exercise].get(student)
            if answer is None or answer.points is not None:
                earned.append(answer.points or 0.0 if answer else 0.0)
                most.append(self.possible[exercise])
        return math.fsum(earned), math.fsum(most)

    def items(self) -> Iterator[tuple[Item, tuple[Item, ...]]]:
        """Each exercise as an item of its assignment, with its checks as such."""
        for assignment in self.course.assignments:
            names = [exercise.id for exercise in assignment.exercises]
            totals = {student: self.points(student, names)[0] for student in self.taking_part(assignment)}
            for name in names:
                yield self._item(name, totals), tuple(self._checks(name, totals))

    def _judged(self, exercise: str) -> list[tuple[str, Answer]]:
        found = self.answers[exercise].items()
        return [(student, each) for student, each in found if each.attempted and each.points is not None]

    def _item(self, exercise: str, totals: Mapping[str, float]) -> Item:
        found, possible = self._judged(exercise), self.possible[exercise]
        points = [each.points or 0.0 for _, each in found]
        return Item(
            exercise=exercise, check=None, possible=possible, answered=len(found),
            full=sum(each.verdict is Verdict.ACCEPTED for _, each in found), share=share(points, possible),
            discrimination=discrimination(points, [totals[student] for student, _ in found]) if found else None,
        )  # fmt: skip

    def _checks(self, exercise: str, totals: Mapping[str, float]) -> Iterator[Item]:
        """The checks that results have; where checks have changed, one that other results have not is of those that have it."""
        found: dict[Asked, list[tuple[str, float]]] = {}
        for student, each in self._judged(exercise):
            for check, earned in zip(each.checks, each.earned, strict=True):
                if earned is not None:
                    found.setdefault(check, []).append((student, earned))
        for check, whose in found.items():
            shares = [earned for _, earned in whose]
            # A check that is worth nothing is no part of the total.
            rest = [totals[student] - check.possible * earned for student, earned in whose]
            yield Item(
                exercise=exercise, check=check, possible=check.possible, answered=len(whose),
                full=sum(earned == 1.0 for earned in shares), share=share(shares, 1.0),
                discrimination=discrimination(shares, [r + x for r, x in zip(rest, shares, strict=True)]),
            )  # fmt: skip


def gathered(reports: Iterable[Report], course: Course) -> ClassResults:
    """What the reports on a class say of the exercises of a course, or of a part of it; each report is looked at once."""
    ids = [exercise.id for exercise in course.exercises()]
    found = ClassResults(course, {name: {} for name in ids}, dict.fromkeys(ids, 0.0))
    wanted = {(exercise.assignment, exercise.id) for exercise in course.exercises()}
    students: set[str] = set()
    known: dict[tuple[Asked, ...], tuple[Asked, ...]] = {}
    for report in reports:
        results = [each for each in report.exercises if (report.assignment, each.exercise) in wanted]
        for result in results:
            students.add(report.student)
            checks = tuple(Asked(each.name, each.claim, each.public, each.max_points) for each in result.checks)
            found.answers[result.exercise][report.student] = _answer(result, known.setdefault(checks, checks))
            found.possible[result.exercise] = max(found.possible[result.exercise], result.max_score)
            found.troubles.extend(_troubles(report.student, result))
            for name in result.misconceptions:
                found.misconceptions.setdefault((result.exercise, name), []).append(report.student)
        if unnamed := [each for each in results if any(check.group for check in each.checks)]:
            found.unnamed.append(Report.of(report.student, report.assignment, unnamed))
    found.students = sorted(students)
    return found


def _answer(result: ExerciseReport, checks: tuple[Asked, ...]) -> Answer:
    waits = any(each.waiting for each in result.checks)
    return Answer(
        result.verdict,
        None if waits or result.verdict is Verdict.JUDGE_ERROR else result.score,
        waits,
        result.attempted,
        checks,
        tuple(map(_share, result.checks)),
        result.submitted_at,
    )


def _share(check: CheckResult) -> float | None:
    if check.waiting or check.verdict is Verdict.JUDGE_ERROR:
        return None
    return check.points / check.max_points if check.max_points else float(check.verdict is Verdict.ACCEPTED)


def _troubles(student: str, result: ExerciseReport) -> Iterator[Trouble]:
    """What an instructor has to settle: what could not be judged, may be an answer and was not graded, or waits for a person."""
    if result.verdict is Verdict.JUDGE_ERROR:
        yield Trouble("could not be judged", result.exercise, result.fault.partition("\n")[0], student)
    if result.verdict is Verdict.NOT_ATTEMPTED and result.checks:
        said = result.place or ("" if result.submitted_at else result.checks[0].feedback)
        if said and said != nothing_handed_in(result.exercise):
            yield Trouble("may be an answer, and was not graded", result.exercise, said, student)
    if any(check.waiting for check in result.checks):
        yield Trouble("waits for your points", result.exercise, "words: `grader mark`", student)
