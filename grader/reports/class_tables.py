"""The tables of a class: what its page shows, its files hold, and a summary is taken from. Pure."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

from grader.judging.verdicts import Verdict
from grader.reports.statistics import histogram, spread
from grader.reports.tables import Column, Linked, Table

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from grader.course.model import Assignment, Course
    from grader.reports.class_results import Answer, Asked, ClassResults, Item, Trouble
    from grader.reports.groups import Group
    from grader.reports.overview import Late, Overview
    from grader.reports.tables import Cell

__all__ = ["ATTEMPTS", "CHECKS", "DISTRIBUTION", "EXERCISES", "STUDENTS", "UNNAMED", "class_tables"]

DISTRIBUTION, EXERCISES, CHECKS, UNNAMED, ATTEMPTS, STUDENTS = (
    "distribution", "exercises", "checks", "unnamed", "attempts", "students",
)  # fmt: skip
"""The names of tables that a page says more of."""

_STOPPED = frozenset(Verdict) - {Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.NOT_ATTEMPTED, Verdict.JUDGE_ERROR}
_BINS = 10
_STUDENT = Column("student")


def class_tables(seen: Overview, page: Callable[[str, str], str]) -> Iterator[Table]:
    """All that there is to read, in order; `page` gives the address of a student's page on an assignment, or nothing."""
    found = seen.found
    yield _troubles(seen.troubles)
    yield _scores(found)
    yield _distribution(list(seen.shares.values()))
    yield _exercises(found, [item for item, _ in seen.items])
    yield _checks([each for _, checks in seen.items for each in checks])
    yield _misconceptions(found)
    yield _groups(seen.groups)
    yield _days(found.course, seen.days)
    yield _late(seen.late)
    if len(found.course.assignments) > 1:
        yield _by_assignment(found, page)
        for assignment in found.course.assignments:
            yield _by_exercise(found, assignment, page, inner=True)
            yield _all_checks(found, assignment)
    else:
        (only,) = found.course.assignments
        yield _by_exercise(found, only, page)
        yield from (_by_check(found, only, exercise.id, page) for exercise in only.exercises)


def _troubles(troubles: Sequence[Trouble]) -> Table:
    columns = (
        Column("what"),
        Column("of"),
        Column("why"),
        Column("count", "number"),
        Column("students", "names"),
    )
    alike = groupby(troubles, key=lambda each: (each.kind, each.of, each.why))
    return Table(
        name="look-first", caption="What waits for you", columns=columns, empty="Nothing: all that is in the record is judged.",
        note="Until it is settled, the numbers below are of the rest.",
        rows=tuple((*about, len(who), who) for about, group in alike for who in [tuple(each.student for each in group)]),
    )  # fmt: skip


def _scores(found: ClassResults) -> Table:
    columns = (
        Column("assignment"), Column("took part", "number"), Column("points", "number"), Column("mean", "percent"),
        Column("lower quartile", "percent"), Column("median", "percent"), Column("upper quartile", "percent"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for assignment in found.course.assignments:
        names = [exercise.id for exercise in assignment.exercises]
        who = found.taking_part(assignment)
        scores = [found.points(student, names) for student in who]
        lie = spread([earned / possible for earned, possible in scores if possible])
        about = (assignment.id, len(who), math.fsum(found.possible[name] for name in names))
        rows.append((*about, *((lie.mean, lie.low, lie.median, lie.high) if lie else (None,) * 4)))
    return Table(
        name="scores", caption="Points by assignment", columns=columns, rows=tuple(rows),
        note="Shares of the points, of those who answered any of it; before lateness. An exercise that could not be judged is left out.",
    )  # fmt: skip


def _distribution(shares: Sequence[float]) -> Table:
    counts = histogram(shares, _BINS)
    width = 100 // _BINS
    return Table(
        name=DISTRIBUTION, caption="How many students have which share of the points",
        columns=(Column("share of the points"), Column("students", "number")),
        rows=tuple((f"{i * width} to {(i + 1) * width} %", count) for i, count in enumerate(counts)),
        note="Of those who took part, in the assignments that anybody has answered.",
    )  # fmt: skip


def _exercises(found: ClassResults, items: Sequence[Item]) -> Table:
    columns = (
        Column("exercise"), Column("points", "number"), Column("answered", "number"), Column("all right", "number"),
        Column("raised or stopped", "number"), Column("waits", "number"), Column("share of points", "percent"),
        Column("discrimination", "signed"),
    )  # fmt: skip

    rows = tuple(
        (
            each.exercise, each.possible, each.answered, each.full, sum(answer.verdict in _STOPPED for answer in found.answers[each.exercise].values()),
            sum(answer.points is None for answer in found.answers[each.exercise].values()), each.share, each.discrimination,
        )
        for each in items
    )  # fmt: skip
    return Table(
        name=EXERCISES, caption="Exercises: how hard, and how well they tell students apart", columns=columns, rows=rows,
        note="Of those who answered. Discrimination is the correlation of an item's points with the rest of its assignment's: 0.2 and more "
        "is usual; below 0, those who know less do better, which is worth a look at the check. A dash: too few students, or no difference.",
    )  # fmt: skip


def _checks(items: Sequence[Item]) -> Table:
    columns = (
        Column("check"), Column("exercise"), Column("claim"), Column("seen"), Column("points", "number"),
        Column("answered", "number"), Column("all right", "number"), Column("share of points", "percent"),
        Column("discrimination", "signed"),
    )  # fmt: skip
    rows = tuple(
        (
            each.check.name, each.exercise, each.check.claim, "public" if each.check.public else "hidden", each.possible,
            each.answered, each.full, each.share, each.discrimination,
        )
        for each in items
        if each.check
    )  # fmt: skip
    return Table(
        name=CHECKS, caption="Checks: how hard, and how well they tell students apart", columns=columns, rows=rows,
        note="As of the exercises. A check that has changed since stands twice, each with those who were judged by it.",
    )  # fmt: skip


def _misconceptions(found: ClassResults) -> Table:
    columns = (Column("misconception"), Column("exercise"), Column("count", "number"), Column("students", "names"))
    order = sorted(found.misconceptions.items(), key=lambda each: -len(each[1]))
    rows = tuple((name, exercise, len(who), tuple(who)) for (exercise, name), who in order)
    return Table(name="misconceptions", caption="Which misconception hit whom", columns=columns, rows=rows)


def _groups(found: Sequence[Group]) -> Table:
    columns = (
        Column("group"), Column("exercise"), Column("count", "number"), Column("students", "names"),
        Column("wrong in the checks", "names"),
    )  # fmt: skip
    rows = tuple((each.group, each.exercise, len(each.students), each.students, each.checks) for each in found)
    return Table(
        name=UNNAMED, caption="Wrong answers that nothing explains, those of the same values together", columns=columns, rows=rows,
        note="`grader mistakes --new-misconception GROUP` drafts a diagnosis for a group.",
    )  # fmt: skip


def _days(course: Course, days: Mapping[str, Counter[str]]) -> Table:
    names = [each.id for each in course.assignments]
    several = [Column(name, "number") for name in names] if len(names) > 1 else []
    rows: list[tuple[Cell, ...]] = [
        (day, counts.total(), *(counts[each.title] for each in several)) for day, counts in days.items()
    ]
    return Table(
        name=ATTEMPTS, caption="Answers handed in on each day (UTC)",
        columns=(Column("day"), Column("answers", "number"), *several), rows=tuple(rows),
    )  # fmt: skip


def _late(late: Sequence[Late]) -> Table:
    columns = (
        Column("student"), Column("assignment"), Column("due (UTC)"), Column("handed in (UTC)"), Column("hours late", "number"),
        Column("points taken", "number"), Column("by whose word"),
    )  # fmt: skip
    rows = tuple(
        (
            each.student, each.assignment, each.due, each.submitted_at or None,
            None if each.over is None else round(each.over.total_seconds() / 3600, 2), each.penalty, _word(each),
        )
        for each in late
    )  # fmt: skip
    return Table(name="late", caption="What came after it was due", columns=columns, rows=rows)


def _word(late: Late) -> str:
    if late.over is None:
        return "Canvas's, which says that it was late and not by how much: it costs nothing, and is for you to decide"
    return "a service's" if late.known else "the file's own: it costs nothing"


def _by_assignment(found: ClassResults, page: Callable[[str, str], str]) -> Table:
    parts = {each.id: [exercise.id for exercise in each.exercises] for each in found.course.assignments}
    most = {name: math.fsum(found.possible[each] for each in exercises) for name, exercises in parts.items()}

    def cell(student: str, name: str) -> Cell:
        answers = [found.answers[each].get(student) for each in parts[name]]
        return _linked(_points([each for each in answers if each]), page(student, name))

    rows = []
    for student in found.students:
        cells = [cell(student, name) for name in parts]
        rows.append((student, _sum(cells), *cells))
    columns = [Column(name, "points", most[name]) for name in parts]
    total = Column("total", "points", math.fsum(most.values()))
    return Table(name=STUDENTS, caption="Students and assignments", columns=(_STUDENT, total, *columns), rows=tuple(rows))  # fmt: skip


def _by_exercise(
    found: ClassResults, assignment: Assignment, page: Callable[[str, str], str], *, inner: bool = False
) -> Table:
    names = [exercise.id for exercise in assignment.exercises]
    rows = []
    for student in found.students:
        cells = [_points([each] if (each := found.answers[name].get(student)) else []) for name in names]
        rows.append((_linked(student, page(student, assignment.id)), _sum(cells), *cells))
    columns = [Column(name, "points", found.possible[name]) for name in names]
    total = Column("total", "points", math.fsum(found.possible[name] for name in names))
    return Table(
        name=f"students-{assignment.id}" if inner else STUDENTS, caption=f"Students and exercises of {assignment.id}",
        columns=(_STUDENT, total, *columns), rows=tuple(rows), inner=inner,
    )  # fmt: skip


def _by_check(found: ClassResults, assignment: Assignment, exercise: str, page: Callable[[str, str], str]) -> Table:
    checks, cells = _of_checks(found, exercise)
    return Table(
        name=f"checks-{exercise}", caption=f"Students and checks of {exercise}", inner=True,
        columns=(_STUDENT, *(_column(check) for check in checks)),
        rows=tuple((_linked(student, page(student, assignment.id)), *cells(student)) for student in found.students),
    )  # fmt: skip


def _all_checks(found: ClassResults, assignment: Assignment) -> Table:
    """The checks of all exercises of an assignment: of a thousand students they are hundreds of thousands of cells.

    The script takes the links to students' pages from the table before it, since they are longer than all the checks.
    """
    parts = {exercise.id: _of_checks(found, exercise.id) for exercise in assignment.exercises}
    columns = [_column(check, exercise) for exercise, (checks, _) in parts.items() for check in checks]
    rows = (
        (student, *(cell for _, cells in parts.values() for cell in cells(student)))
        for student in found.students
    )  # fmt: skip
    return Table(
        name=f"marks-{assignment.id}", caption=f"Students and checks of {assignment.id}", inner=True,
        columns=(_STUDENT, *columns), rows=tuple(rows),
        note="A letter for each check, in the order of the column's head: + right, / right in part, x wrong, ? not known yet, . not attempted.",
    )  # fmt: skip


def _of_checks(found: ClassResults, exercise: str) -> tuple[list[Asked], Callable[[str], list[Cell]]]:
    """The checks that an exercise was judged by, and what gives each student's cells."""
    answers = found.answers[exercise]
    checks = list(dict.fromkeys(check for each in answers.values() for check in each.checks))
    nothing: list[Cell] = [None] * len(checks)

    def cells(student: str) -> list[Cell]:
        answer = answers.get(student)
        if answer is None or not answer.attempted:
            return nothing
        shares = dict(zip(answer.checks, answer.earned, strict=True))
        return [_earned(check, shares[check]) if check in shares else None for check in checks]

    return checks, cells


def _column(check: Asked, exercise: str = "") -> Column:
    return Column(check.name, "points" if check.possible else "text", check.possible, exercise)


def _earned(check: Asked, share: float | None) -> Cell:
    """The points of a check; of one that is worth none, whether it was right; a word where nobody knows yet."""
    if share is None:
        return "waits"
    return share * check.possible if check.possible else "right" if share else "wrong"


def _points(answers: Sequence[Answer]) -> float | str | None:
    """The points of these answers; a word where one could not be judged, None where there is none."""
    if any(each.points is None for each in answers):
        return "waits" if any(each.waits for each in answers) else "not judged"
    return math.fsum(each.points or 0.0 for each in answers) if any(each.attempted for each in answers) else None


def _linked(cell: str | float | None, href: str) -> Cell:
    return Linked(cell, href) if href else cell


def _sum(cells: Iterable[Cell]) -> float | None:
    numbers = [each.cell if isinstance(each, Linked) else each for each in cells]
    found = [each for each in numbers if isinstance(each, int | float)]
    return math.fsum(found) if found else None
