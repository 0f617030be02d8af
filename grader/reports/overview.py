"""What an instructor looks at after a run: a class's results, and what the record says beside them. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.reports.class_results import gathered
from grader.reports.statistics import spread

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import timedelta

    from grader.course.model import Course
    from grader.reports.class_results import ClassResults, Item, Trouble
    from grader.reports.groups import Group
    from grader.reports.report import Report
    from grader.reports.statistics import Spread

__all__ = ["Example", "Late", "Overview", "overview"]


class Late(msgspec.Struct, frozen=True, order=True):
    """An assignment of which something came after it was due."""

    student: str
    assignment: str
    due: str
    submitted_at: str
    """Empty where nobody says when."""
    over: timedelta | None
    """How long after it was due, for this student; None where Canvas says that it was late, and not by how much."""
    known: bool
    """Whether a service says that it was late; else nobody knows, and it costs nothing."""
    penalty: float
    """The points that it costs."""


class Example(msgspec.Struct, frozen=True):
    """One program of a group of wrong answers."""

    student: str
    file: str
    lines: tuple[str, ...]


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """A course, or one assignment of it, as far as it is graded."""

    found: ClassResults
    items: tuple[tuple[Item, tuple[Item, ...]], ...]
    groups: tuple[Group, ...]
    troubles: tuple[Trouble, ...]
    late: tuple[Late, ...]
    days: Mapping[str, Counter[str]]
    """How many answers to each assignment were handed in on each day."""
    examples: Mapping[str, Example]
    """By group."""
    as_of: str
    """When the last run began; empty where there was none."""

    @property
    def shares(self) -> dict[str, float]:
        """Of each who takes part, the share of all points that could be judged in what anybody has answered and is not optional."""
        course = self.found.course
        counted = [each for each in course.assignments if not each.optional] or course.assignments
        taking_part = [(each, self.found.taking_part(each)) for each in counted]
        names = [exercise.id for each, some in taking_part if some for exercise in each.exercises]
        who = {student for _, some in taking_part for student in some}
        scores = {student: self.found.points(student, names) for student in sorted(who)}
        return {student: earned / possible for student, (earned, possible) in scores.items() if possible}

    @property
    def spread(self) -> Spread | None:
        """How these lie."""
        return spread(list(self.shares.values()))


def overview(  # noqa: PLR0913
    course: Course, students: Iterable[tuple[Iterable[Report], Iterable[Late], Iterable[Trouble]]], *, troubles: Iterable[Trouble], days: Mapping[str, Counter[str]], examples: Callable[[Sequence[Group]], Mapping[str, Example]], as_of: str,
) -> Overview:  # fmt: skip
    """Look at each student's reports, late work and troubles, with what else is known; `examples` finds programs of groups.

    A student's are asked for once, and none is held: there may be many.
    """
    late: list[Late] = []
    own: list[Trouble] = []

    def reports() -> Iterator[Report]:
        for on_each, late_of_each, troubles_of_each in students:
            late.extend(late_of_each)
            own.extend(troubles_of_each)
            yield from on_each

    found = gathered(reports(), course)
    groups = tuple(found.groups())
    return Overview(
        found=found, items=tuple(found.items()), groups=groups, troubles=tuple(sorted([*found.troubles, *own, *troubles])),
        late=tuple(sorted(late)), days=dict(sorted(days.items())), examples=examples(groups), as_of=as_of,
    )  # fmt: skip
