"""`grader summary`, for the instructor: what came of a class, in twenty lines."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click
from rich.text import Text

from grader.cli.common import whole_course
from grader.cli.recorded import record_of, record_option, require_results
from grader.cli.report import part_of
from grader.cli.screen import console
from grader.names import shown
from grader.record.class_overview import class_overview
from grader.reports.statistics import histogram
from grader.reports.tables import percent, worded
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.reports.class_results import Item
    from grader.reports.overview import Overview

__all__ = ["summary", "summary_lines"]

_MOST, _FEW, _HEIGHTS = 3, 2, "▁▂▃▄▅▆▇█"
_LITTLE = 0.1
"""A check of less discrimination is worth a look."""


@click.command(
    epilog="""\b
Examples:
  grader summary             the whole course
  grader summary backprop    one assignment
"""
)
@click.argument("assignment", default="")
@record_option
@click.pass_context
def summary(context: click.Context, assignment: str, *, db: str | None) -> int:
    """Show what came of a class in twenty lines.

    `grader report` has all of it. Shares are of the points, of those who answered; discrimination is the correlation with the rest of the assignment.
    """
    whole = whole_course(context)
    course = part_of(whole, assignment)
    with record_of(whole, db, must_exist=True) as record:
        require_results(record, course, assignment)
        seen = class_overview(record, whole, course)
    screen = console()
    title = whole.title if course is whole else f"{whole.title}: {course.assignments[0].title}"
    for line in summary_lines(seen, title):
        screen.print(line, no_wrap=True, overflow="ellipsis", crop=True)
    return 0


def summary_lines(seen: Overview, title: str) -> Iterator[Text]:
    """The lines; what may be cut off by a narrow terminal is at their ends."""
    lie, students = seen.spread, len(seen.found.students)
    yield Text(shown(title), "bold")
    yield Text(f"{count_of(students, 'student')}, {lie.count if lie else 0} took part; {_last(seen)}")
    if lie:
        yield Text(f"mean {percent(lie.mean)}, quartiles {percent(lie.low)} {percent(lie.median)} {percent(lie.high)}")
        yield Text(f"0 % {_bars(list(seen.shares.values()))} 100 %")
    yield from _waits(seen)
    if late := [each for each in seen.late if each.known]:
        whose = {each.student for each in late}
        yield Text(f"late: {count_of(len(late), 'assignment')} of {count_of(len(whose), 'student')}")
    exercises = sorted((item for item, _ in seen.items if item.share is not None), key=lambda item: item.share or 0.0)
    yield from _listed("hardest exercises: share, discrimination", exercises[:_MOST])
    checks = [each for _, checks in seen.items for each in checks]
    weak = [each for each in checks if each.discrimination is not None and each.discrimination < _LITTLE]
    weak.sort(key=lambda each: each.discrimination or 0.0)
    yield from _listed(f"checks that tell students apart least, {len(weak)} in all", weak[:_FEW])
    mistakes = sorted(seen.found.misconceptions.items(), key=lambda each: -len(each[1]))
    if mistakes:
        yield Text("most frequent misconceptions: students", "bold")
    for (exercise, name), who in mistakes[:_MOST]:
        yield Text(f"{len(who):4}  {shown(name)} ({exercise})")
    if seen.groups:
        first = seen.groups[0]
        yield Text(
            f"unexplained: {count_of(len(seen.groups), 'group')}, the biggest {len(first.students)} in {first.exercise}"
        )
    yield Text("`grader report` has all of it", "dim")


def _last(seen: Overview) -> str:
    return f"last run {seen.as_of[:16].replace('T', ' ')}" if seen.as_of else "no run"


def _bars(shares: Sequence[float]) -> str:
    """A tenth of the points in each letter, as high as there are students."""
    counts = histogram(shares)
    return "".join(_HEIGHTS[-(-count * (len(_HEIGHTS) - 1) // max(counts))] if count else " " for count in counts)


def _waits(seen: Overview) -> Iterator[Text]:
    kinds = Counter(each.kind for each in seen.troubles).most_common()
    for kind, count in kinds[:_MOST] if len(kinds) <= _MOST else kinds[: _MOST - 1]:
        yield Text(f"{count} {kind}", "red")
    if len(kinds) > _MOST:
        yield Text(f"{sum(count for _, count in kinds[_MOST - 1 :])} wait for something else", "red")


def _listed(head: str, items: Sequence[Item]) -> Iterator[Text]:
    if items:
        yield Text(head, "bold")
    for each in items:
        name = f"{each.check.name} ({each.exercise})" if each.check else each.exercise
        share = worded(each.share, "percent")
        yield Text(f"{share:>6} {worded(each.discrimination, 'signed'):>6}  {shown(name)}")
