"""`grader grades`: the term, as it stands: every assignment after lateness, and the sum."""

from __future__ import annotations

import csv
import io
import itertools
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Group
from rich.text import Text

from grader.cli.by_student import Column, by_student
from grader.cli.common import json_option, moment_of, print_json, whole_course
from grader.cli.lines import output
from grader.cli.recorded import record_of, record_option
from grader.cli.screen import console
from grader.course.teams import teams_told
from grader.course.term import arithmetic
from grader.errors import UsageError, did_you_mean
from grader.files import write_atomically
from grader.names import shown
from grader.record.term import Term
from grader.reports.grades_csv import inert
from grader.reports.pages import points
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.model import Course
    from grader.course.term import Mark, Sum

__all__ = ["grades", "term_table"]


@click.command(
    epilog="""\b
Examples:
  grader grades                      everybody's term
  grader grades --explain alice      one student's, line by line
  grader grades --csv term.csv
"""
)
@click.option("--explain", "whose", metavar="STUDENT", help="Show one student's arithmetic, line by line.")
@click.option("--as-of", "as_of", metavar="TIME", help="What is due later does not count yet [default: now].")
@click.option("--csv", "sheet", type=click.Path(path_type=Path, dir_okay=False), help="Write the table into a file.")
@record_option
@json_option
@click.pass_context
def grades(  # noqa: PLR0913  one argument for each option
    context: click.Context, *, whose: str | None, as_of: str | None, sheet: Path | None, db: str | None, as_json: bool
) -> int:  # fmt: skip
    """Show the term's table: what each assignment comes to after lateness, and what all come to by the course's rules."""
    course = whole_course(context)
    now = moment_of(as_of, "--as-of ") if as_of else datetime.now(UTC)
    with record_of(course, db, must_exist=True) as record:
        if whose is not None and whose not in record.students:
            raise UsageError(f"the record has nothing of {whose!r}{did_you_mean(whose, sorted(record.students))}")
        term = Term(record, course)
        for notice in () if as_json else teams_told(course, term.teams, record.students):
            click.echo(f"note: {notice}", err=True)
        found = [each.sum for each in term.standings([whose] if whose else (), now)]
    if as_json:
        print_json([_plain(each) for each in found])
    elif whose is not None:
        screen = output(otherwise=sys.maxsize)  # in a file each sum stays on its line
        for line in arithmetic(found[0]):
            screen.fold(shown(line))
    elif sheet is not None:
        write_atomically(sheet, _sheet(course, found))
        click.echo(f"{count_of(len(found), 'student')} in {sheet}")
        click.echo(_not_graded(found), nl=False)
    else:
        drawn = console()
        drawn.print(term_table(course, found, drawn.width))
        click.echo(_not_graded(found), nl=False)
    return 0


def _cell(mark: Mark) -> str:
    """What an assignment comes to; a star where it waits for somebody."""
    if mark.excused:
        return "excused"
    if mark.open:
        return "-"
    told = points(mark.points) + "*" * mark.waiting
    return f"({told})" if mark.dropped else told


def term_table(course: Course, found: Sequence[Sum], width: int) -> Group:
    """Students x assignments: what each comes to, the term first."""
    names = Column(Text("student"), tuple(Text(shown(each.student)) for each in found))
    totals = Column(Text("term"), tuple(Text(_total(each), "bold") for each in found))
    rows = [[Text(_cell(mark)) for mark in each.marks] for each in found]
    cells = zip(*rows, strict=True) if rows else itertools.repeat(())
    columns = [
        Column(Text(assignment.id.replace("_", " ")), tuple(of_all))
        for assignment, of_all in zip(course.assignments, cells, strict=False)
    ]
    legend = "points after lateness; * waits for a person's points, (dropped), - not due yet"
    return Group(*by_student(names, totals, columns, width), Text(legend, "italic"))


def _not_graded(found: Sequence[Sum]) -> str:
    """A line on who was not graded for what others were, which counts as nothing; none where that is nobody."""
    told = []
    for marks in zip(*(each.marks for each in found), strict=True):
        whose = [shown(each.student) for each, mark in zip(found, marks, strict=True) if mark.ungraded]
        if whose:
            others = f" and {count_of(len(whose) - 1, 'other')}" if whose[1:] else ""
            told.append(f"{marks[0].part.name} for {whose[0]}{others}")
    return f"not graded yet, so 0: {', '.join(told)}; run `grader grade SUBMITTED`\n" if told else ""


def _total(found: Sum) -> str:
    """The term so far; a dash where nothing counts yet."""
    if found.percent is not None:
        return f"{points(found.percent)} %"
    return "waits" if found.begun else "-"


def _sheet(course: Course, found: Sequence[Sum]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["student", "percent", *(assignment.id for assignment in course.assignments)])
    for each in found:
        finals = ["" if mark.waiting or mark.excused or mark.open else repr(mark.points) for mark in each.marks]
        writer.writerow([inert(each.student), "" if each.percent is None else repr(each.percent), *finals])
    return text.getvalue().encode()


def _plain(found: Sum) -> dict[str, object]:
    return {
        "student": found.student,
        "percent": found.percent,
        "assignments": [
            {
                "assignment": mark.part.name, "points": mark.points, "possible": mark.possible, "waiting": mark.waiting,
                "excused": mark.excused, "dropped": mark.dropped, "not_due_yet": mark.open, "late_days_used": mark.days_used,
                "due": mark.due.isoformat() if mark.due else None, "not_graded": list(mark.ungraded),
            }
            for mark in found.marks
        ],
    }  # fmt: skip
