"""What a term's rules make of the points of attempts: how late each is, which counts, and what is left of it. Pure.

A rule looks at times and points alone. Lateness is counted from a due date that all extensions have moved, and what is late costs
begun hours or days. Where no service has recorded when an attempt came in, its lateness is unknown, and costs nothing.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = [
    "Attempt",
    "Attempts",
    "Counted",
    "Counts",
    "Extension",
    "Late",
    "Per",
    "candidates",
    "chosen",
    "due_of",
    "graded",
    "may_count",
]

Per = Literal["hour", "day", "once"]
"""What a late policy takes its percent for: each begun hour or day, or for being late at all."""

Counts = Literal["last", "best", "first"]
"""Which of a student's attempts counts."""

DAY = timedelta(days=1)
_UNITS = {"hour": timedelta(hours=1), "day": DAY}


class Late(msgspec.Struct, frozen=True, kw_only=True):
    """What being late costs; by default nothing."""

    grace_minutes: int = 0
    """This much is not late."""
    percent: float = 0.0
    """Of the points earned, for each unit of `per` that has begun since the due date."""
    per: Per = "day"
    at_most: float = 100.0
    """The most percent that lateness takes."""
    cutoff_days: float | None = None
    """What is later than this counts nothing."""

    @property
    def costs(self) -> bool:
        """Whether being late can cost anything."""
        return bool(self.percent) or self.cutoff_days is not None


class Attempts(msgspec.Struct, frozen=True, kw_only=True):
    """Which of several attempts count; by default the last, of any number."""

    count: Counts = "last"
    at_most: int | None = None
    """Those after the first so many do not count."""
    cool_down_minutes: int = 0
    """One that comes sooner after one that counts does not."""


class Extension(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's later due date: a student's, or a group's."""

    who: str
    assignment: str
    until: datetime


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in for one exercise, and what it earned before any rule."""

    name: str
    """Tells attempts of the same time apart, so that no order of import decides."""
    at: datetime
    """When it was handed in, by whoever says so."""
    trusted: bool
    """Whether a service that received it says so: else its lateness is unknown."""
    flagged: bool = False
    """Whether Canvas says that it was late, though not when it came."""
    points: float | None
    """None where a person or a judge has still to give them."""
    possible: float
    number: int = 0
    """By which whoever asks knows it again."""

    def late(self, due: datetime | None, rule: Late) -> timedelta | None:
        """How long after the due date, 0 within grace; None where nobody knows."""
        if due is None:
            return timedelta(0)
        if not self.trusted:
            return None
        after = self.at - due
        return after if after > timedelta(minutes=rule.grace_minutes) else timedelta(0)


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """The attempt that counts, and what lateness takes from it."""

    attempt: Attempt
    late: timedelta | None
    covered: int = 0
    """How many late days of the budget were used for it."""
    percent: float = 0.0
    """How much of its points lateness takes."""
    cut_off: bool = False

    @property
    def penalty(self) -> float | None:
        """The points that lateness takes; None while the points are not known."""
        return None if self.attempt.points is None else self.attempt.points * self.percent / 100

    @property
    def final(self) -> float | None:
        """The points that are left; None while they are not known."""
        penalty = self.penalty
        return None if self.attempt.points is None or penalty is None else self.attempt.points - penalty


def due_of(
    due: datetime | None, names: Iterable[str], assignment: str, extensions: Iterable[Extension]
) -> datetime | None:
    """When an assignment is due for somebody of these names (a student's own, and the groups'): extensions only move it on."""
    if due is None:
        return None
    known = set(names)
    return max([due, *(each.until for each in extensions if each.who in known and each.assignment == assignment)])


def candidates(attempts: Iterable[Attempt], rule: Attempts) -> tuple[Attempt, ...]:
    """The attempts that may count, in order of time."""
    allowed: list[Attempt] = []
    pause = timedelta(minutes=rule.cool_down_minutes)
    for attempt in sorted(attempts, key=lambda each: (each.at, each.name)):
        if rule.at_most is not None and len(allowed) >= rule.at_most:
            break
        if not allowed or attempt.at - allowed[-1].at >= pause:
            allowed.append(attempt)
    return tuple(allowed)


def may_count(attempts: Iterable[Attempt], rule: Attempts) -> tuple[Attempt, ...]:
    """The attempts whose points decide: those that are to be judged."""
    found = candidates(attempts, rule)
    match rule.count:
        case "first":
            return found[:1]
        case "last":
            return found[-1:]
        case "best":
            return found


def graded(attempt: Attempt, due: datetime | None, rule: Late, covered: int = 0) -> Counted:
    """What is left of an attempt; `covered` late days of the budget are taken off its lateness, which a cut-off does not heed."""
    late = attempt.late(due, rule)
    if not late:
        return Counted(attempt=attempt, late=late)
    if rule.cutoff_days is not None and late > rule.cutoff_days * DAY:
        return Counted(attempt=attempt, late=late, covered=covered, percent=100.0, cut_off=True)
    left = max(late - covered * DAY, timedelta(0))
    units = math.ceil(left / _UNITS[rule.per]) if rule.per != "once" else int(left > timedelta(0))
    return Counted(attempt=attempt, late=late, covered=covered, percent=min(units * rule.percent, rule.at_most, 100.0))


def chosen(
    attempts: Iterable[Attempt], due: datetime | None, late: Late, rule: Attempts, budget: int
) -> Counted | None:
    """The attempt that counts among `attempts`, of which `budget` late days may be used; None where there is none.

    The best is the one that leaves the most, and of equals the one that uses the fewest late days, then the later. One whose
    points nobody has given yet is not the best while another is.
    """
    found = [_covered(attempt, due, late, budget) for attempt in candidates(attempts, rule)]
    if not found:
        return None
    if rule.count == "first":
        return found[0]
    if rule.count == "last":
        return found[-1]
    return max(enumerate(found), key=lambda each: (-1.0 if each[1].final is None else each[1].final, -each[1].covered, each[0]))[1]  # fmt: skip


def _covered(attempt: Attempt, due: datetime | None, rule: Late, budget: int) -> Counted:
    """An attempt with a late day of the budget for each day begun, as long as there are any, whether or not it helps.

    Were a day used only where it helps, an extension could use one up that another assignment needs, and lower the sum.
    """
    late = attempt.late(due, rule)
    days = min(budget, math.ceil(late / DAY)) if late else 0
    return graded(attempt, due, rule, days)
