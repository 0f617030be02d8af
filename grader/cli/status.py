"""`grader status`: how a student stands with each exercise of the course, and which one is next."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.cells import cell_len
from rich.text import Text

from grader.cli.common import NamedCourse, course_of, json_option, near_here, print_json
from grader.cli.lines import MARKS
from grader.cli.screen import console, folded
from grader.cli.terminal import progress
from grader.course.place import find_course
from grader.errors import CourseError
from grader.grading.desk import Desk
from grader.grading.pool import Pool
from grader.grading.progress import progress_of
from grader.judging.verdicts import Verdict
from grader.names import shown
from grader.reports.pages import points
from grader.reports.status import next_up, totals

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.course.model import Assignment, Course
    from grader.reports.status import ExerciseStatus

__all__ = ["alone", "status", "status_lines"]

_INDENT, _GAP = "    ", "  "


@click.command()
@json_option
@click.pass_context
def status(context: click.Context, *, as_json: bool) -> int:
    """Show how you stand with each exercise, and which one is next.

    By the public examples: what you have changed since it was last checked is checked now.
    """
    course = course_of(context)
    with Pool() as pool, progress("checking", quiet=as_json) as advance:
        desk, remembered = Desk(course, pool), progress_of(course)
        chosen = desk.choose()
        found = []
        for number, each in enumerate(chosen, 1):
            found.append(desk.status(each, remembered))
            advance(number, len(chosen))
    if as_json:
        print_json({"course": NamedCourse.of(course), "exercises": found})
        return 0
    screen = console()
    for line in status_lines(course, found, screen.width):
        screen.print(line, soft_wrap=True)
    following = next_up(found)
    last = (
        f"Next: {following.exercise}, in {near_here(Path(following.file))}"
        if following
        else "Nothing is left to do here."
    )
    screen.print(Text(f"\n{totals(found)}\n{last}"))
    return 0


@click.pass_context
def alone(context: click.Context) -> int:
    """The status of a student, in the folder that students get; help to all others."""
    try:
        root = find_course(context.obj or Path.cwd())
    except CourseError:
        root = None
    if root is not None and not (root / "solutions").is_dir():
        return int(context.invoke(status, as_json=False))
    click.echo(context.get_help())
    return 0


def status_lines(course: Course, statuses: Sequence[ExerciseStatus], width: int) -> Iterator[Text]:
    """A line for each exercise below its assignment's; what is said of one that has no room comes below it."""
    rows = [_row(each) for each in statuses]
    widths = [max(map(cell_len, column), default=0) for column in zip(*rows, strict=True)]
    lines = iter(
        [_line(each, row, widths, width) or _below(each, row, width) for each, row in zip(statuses, rows, strict=True)]
    )
    for assignment, group in itertools.groupby(statuses, key=lambda each: each.assignment):
        yield from _heading(course.assignment(assignment), width)
        for _ in group:
            yield from next(lines)


def _heading(assignment: Assignment, width: int) -> Iterator[Text]:
    due = f"due {assignment.due.isoformat(' ', 'minutes')}" if assignment.due else ""
    rest = ", ".join(filter(None, ("optional" * assignment.optional, due)))
    yield from folded(Text.assemble((shown(assignment.title), "bold"), (f"  {rest}".rstrip(), "dim")), width)


def _row(each: ExerciseStatus) -> tuple[str, ...]:
    """What there is to say of an exercise, its name first."""
    score = each.score
    public = f"{points(score.earned)}/{points(score.possible)} public" if score.possible else ""
    hidden = f"{points(each.hidden)} hidden" if each.hidden else ""
    return each.exercise, each.said, public, hidden, each.hints_said


def _line(each: ExerciseStatus, row: Sequence[str], widths: Sequence[int], width: int) -> list[Text]:
    """One line, in columns; none where it would be too long."""
    cells = _GAP.join(cell + " " * (wide - cell_len(cell)) for cell, wide in zip(row, widths, strict=True))
    line = Text.assemble(_mark(each), cells.rstrip())
    return [line] if line.cell_len <= width else []


def _below(each: ExerciseStatus, row: Sequence[str], width: int) -> list[Text]:
    name, *rest = row
    about = Text(", ".join(filter(None, rest)), style="dim")
    return [*folded(Text.assemble(_mark(each), name), width), *folded(about, width, Text(_INDENT + "  "))]


def _mark(each: ExerciseStatus) -> Text:
    """Told apart without colour: right, wrong, not tried yet."""
    verdict = each.verdict or Verdict.NOT_ATTEMPTED
    mark = "✓" if each.right else "·" if verdict is Verdict.NOT_ATTEMPTED else "✗"
    return Text(f"  {mark} ", style=MARKS[verdict][1])
