"""A term's sum: what each assignment comes to for a student, and what all come to together. Pure.

An assignment's points are those that its exercises keep after lateness. With weights it gives its share of the weight, else its
points. Late days of the term's budget are used in order of due dates.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import msgspec
from msgspec.structs import replace

from grader.course.policies import Attempts, Late, chosen, due_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, timedelta

    from grader.course.policies import Attempt, Counted, Extension

__all__ = ["Mark", "Optional", "Part", "Rules", "Sum", "arithmetic", "late_words", "length_words", "rounded", "term"]

Optional = Literal["apart", "extra"]
"""Whether optional work is shown beside the sum, or its points are added to it, up to the maximum."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """How a term is summed up."""

    attempts: Attempts = msgspec.field(default_factory=Attempts)
    budget_days: int = 0
    """Late days that each student has for the term."""
    drop_lowest: int = 0
    """How many assignments are left out: those without which the sum is best."""
    rounding: float = 0.0
    """The sum in percent is rounded to a multiple of this, halves up; 0 for not at all."""
    optional: Optional = "apart"


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One assignment as the rules see it."""

    name: str
    due: datetime | None
    late: Late
    possible: Mapping[str, float]
    """The points of each exercise, in course order; 0 where nobody was graded for it."""
    ungraded: Collection[str] = ()
    """The exercises that the student was not graded for: nobody knows whether anything was handed in."""
    weight: float | None = None
    optional: bool = False


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """What an assignment comes to for one student."""

    part: Part
    counted: Mapping[str, Counted | None]
    """For each exercise the attempt that counts; None where there is none."""
    due: datetime | None
    """With the student's extensions."""
    excused: bool = False
    open: bool = False
    """Whether it is not due yet, and nothing was handed in: it does not count so far."""
    dropped: bool = False
    days_used: int = 0

    @property
    def possible(self) -> float:
        """The points that it has."""
        return math.fsum(self.part.possible.values())

    @property
    def ungraded(self) -> tuple[str, ...]:
        """The exercises that count as nothing though others alone were graded for them."""
        if self.excused or self.open:
            return ()
        return tuple(each for each, points in self.part.possible.items() if points and each in self.part.ungraded)

    @property
    def waiting(self) -> bool:
        """Whether a person or a judge has still to give points in it."""
        return any(each is not None and each.final is None for each in self.counted.values())

    @property
    def points(self) -> float:
        """What is left after lateness, of what is known so far."""
        return math.fsum(each.final or 0.0 for each in self.counted.values() if each is not None)

    @property
    def share(self) -> float:
        """The part of its points that is left."""
        return self.points / self.possible if self.possible else 0.0

    @property
    def size(self) -> float:
        """How much it counts beside the others."""
        return self.possible if self.part.weight is None else self.part.weight


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """A student's term."""

    student: str
    marks: tuple[Mark, ...]
    percent: float | None
    """What counts of what counts at most, rounded; None while a part waits for a person, or nothing counts yet."""
    exact: float
    """The same, not rounded, of what is known so far."""
    rules: Rules = msgspec.field(default_factory=Rules)

    @property
    def begun(self) -> bool:
        """Whether any assignment counts yet."""
        return any(map(_counts, self.marks))


def term(  # noqa: PLR0913
    student: str, groups: Collection[str], parts: Sequence[Part], attempts: Mapping[tuple[str, str], Sequence[Attempt]],
    rules: Rules, *, extensions: Iterable[Extension] = (), excused: Collection[str] = (), now: datetime | None = None,
) -> Sum:  # fmt: skip
    """One student's term: `attempts` by assignment and exercise, `groups` those the student is in, `excused` assignments.

    As of `now`, else as if everything were due. An assignment that has no points, since nobody was graded for it, does not count.
    """
    known = tuple(extensions)
    due = {part.name: due_of(part.due, {student, *groups}, part.name, known) for part in parts}
    left = rules.budget_days
    marks: dict[str, Mark] = {}
    in_time = sorted(parts, key=lambda part: (part.due is None, part.due.timestamp() if part.due else 0.0))
    for part in in_time:
        counted = {
            exercise: chosen(attempts.get((part.name, exercise), ()), due[part.name], part.late, rules.attempts, left)
            for exercise in part.possible
        }
        is_excused = part.name in excused
        used = 0 if is_excused else max((each.covered for each in counted.values() if each is not None), default=0)
        left -= used
        later = due[part.name]
        still = now is not None and later is not None and now <= later and not any(counted.values())
        marks[part.name] = Mark(
            part=part, counted=counted, due=later, excused=is_excused, days_used=used, open=still
        )  # fmt: skip
    ordered = tuple(marks[part.name] for part in parts)
    return _summed(student, _with_dropped(ordered, rules.drop_lowest), rules)


def _counts(mark: Mark) -> bool:
    return not (mark.excused or mark.part.optional or mark.dropped or mark.open) and mark.possible > 0


def _with_dropped(marks: tuple[Mark, ...], number: int) -> tuple[Mark, ...]:
    """The marks, of which those are dropped without which the share of the rest is greatest.

    Found as the fixed point of a share: those that lose least against it are kept (W. Dinkelbach, 1967). So a better mark
    never lowers the sum, as it could if the lowest share went, whatever its weight. One that counts is always kept.
    """
    counting = [mark for mark in marks if _counts(mark)]
    number = min(number, len(counting) - 1)
    if number <= 0:
        return marks
    kept, share = counting, -1.0
    while (better := _share(kept)) > share:
        share = better
        kept = sorted(counting, key=lambda mark: mark.size * (mark.share - share))[number:]
    names = {mark.part.name for mark in kept}
    return tuple(
        replace(mark, dropped=True) if _counts(mark) and mark.part.name not in names else mark for mark in marks
    )


def _share(marks: Iterable[Mark]) -> float:
    found = list(marks)
    size = math.fsum(mark.size for mark in found)
    return math.fsum(mark.size * mark.share for mark in found) / size if size else 0.0


def _summed(student: str, marks: tuple[Mark, ...], rules: Rules) -> Sum:
    counting = [mark for mark in marks if _counts(mark)]
    size = math.fsum(mark.size for mark in counting)
    share = _share(counting)
    if rules.optional == "extra" and size:
        extra = math.fsum(mark.points for mark in marks if mark.part.optional and not mark.excused)
        possible = math.fsum(mark.possible for mark in counting)
        share = min(share + extra / possible, 1.0) if possible else share
    exact = 100 * share
    known = bool(counting) and not any(mark.waiting for mark in counting)
    return Sum(
        student=student,
        marks=marks,
        exact=exact,
        percent=rounded(exact, rules.rounding) if known else None,
        rules=rules,
    )


def rounded(number: float, step: float) -> float:
    """The multiple of `step` that is nearest, a half up; the number itself for 0."""
    if not step:
        return number
    # What lies within the last bits of a half was a half before it was computed.
    return math.floor(number / step + 0.5 + 1e-9) * step


def arithmetic(found: Sum) -> Iterator[str]:
    """A student's term line by line, as it would be done by hand."""
    for mark in found.marks:
        yield from _lines_of(mark)
    counting = [mark for mark in found.marks if _counts(mark)]
    if not counting:
        yield "nothing counts yet"
        return
    weighted = any(mark.part.weight is not None for mark in counting)
    terms = " + ".join(
        f"{mark.part.weight:g} x {mark.points:g}/{mark.possible:g}" if weighted else f"{mark.points:g}"
        for mark in counting
    )
    size = math.fsum(mark.size for mark in counting)
    yield f"sum: ({terms}) / {size:g} = {100 * _share(counting):.6g} %"
    extra = [mark for mark in found.marks if mark.part.optional and not mark.excused and mark.points]
    if found.rules.optional == "extra" and extra:
        yield f"with {math.fsum(mark.points for mark in extra):g} points of optional work, at most 100 %: {found.exact:.6g} %"
    if found.percent is None:
        yield "final: waits for a person's points"
    elif found.rules.rounding:
        yield f"final: {found.percent:g} %, rounded to a multiple of {found.rules.rounding:g}"
    else:
        yield f"final: {found.percent:g} %"


def _lines_of(mark: Mark) -> Iterator[str]:
    notes = [word for word, holds in (("optional", mark.part.optional), ("excused", mark.excused), ("dropped", mark.dropped), ("nothing was handed in, and it is not due yet", mark.open)) if holds]  # fmt: skip
    due = f", due {mark.due.isoformat()}" if mark.due else ""
    yield f"{mark.part.name}: {mark.points:g} of {mark.possible:g}{due}" + (f" ({', '.join(notes)})" if notes else "")
    for exercise, counted in () if mark.open else mark.counted.items():
        if counted is None:
            why = "not graded yet" if exercise in mark.part.ungraded else "nothing was handed in"
            yield f"  {exercise}: {why}, 0 of {mark.part.possible[exercise]:g}"
        else:
            yield f"  {exercise}: {_told(counted)}"
    if mark.days_used:
        yield f"  late days used: {mark.days_used}"


def _told(counted: Counted) -> str:
    points = counted.attempt.points
    if points is None:
        return "waits for a person's points"
    words = late_words(counted)
    told = f"{points:g} of {counted.attempt.possible:g}" + (f"; {words}" if words else "")
    return f"{told}: {counted.final:g}" if counted.percent else told


def late_words(counted: Counted) -> str:
    """What is to be said of how late an attempt was, in a line; nothing where it was in time."""
    if counted.late is None and counted.attempt.flagged:
        return "Canvas says that it was late, but not by how much, and that costs nothing unless your instructor decides otherwise"
    if counted.late is None:
        return "no service says when it was handed in, so nobody knows whether it was late, and that costs nothing"
    if not counted.late:
        return ""
    days = f", {counted.covered} d of it covered by the term's late days" if counted.covered else ""
    why = (
        "after the cut-off"
        if counted.cut_off
        else f"{counted.percent:g} % off"
        if counted.percent
        else "which costs nothing"
    )
    return f"handed in {length_words(counted.late)} late{days}, {why}"


def length_words(late: timedelta) -> str:
    """How long something is late, in days, hours and minutes."""
    minutes = math.ceil(late.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = [f"{number} {unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if number]
    return " ".join(parts)
