"""`grader collect`: what a service hands out of a class's files, put where `grader grade` looks for it."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace
from rich.text import Text

from grader.building.stub import functions_asked
from grader.cli.common import NamedCourse, json_option, print_json, whole_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.roster import roster_of, roster_option
from grader.cli.screen import console
from grader.names import shown
from grader.submissions.intake.collecting import collecting
from grader.words import count_of, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.submissions.intake.collecting import Collected, Row

__all__ = ["collect"]

_NAMED = 10

_BY = {"service": "the service", "student": "the student", "download": "the download", "folder": "the folder"}


@click.command(
    epilog="""\b
Examples:
  grader collect submissions.zip --roster grades.csv      Canvas, with the gradebook that it exports
  grader collect "CALC-Week 1-4711.zip" --dry-run         Moodle: who, what and where
  grader collect assignment_4711_export.zip               Gradescope
  grader collect jacobians-submissions                    GitHub Classroom
  grader collect week1.zip week2.zip late/                several, the later ones later
"""
)
@click.argument("sources", metavar="SOURCE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@roster_option
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("submitted"),
    show_default=True,
    help="The class's folder.",
)
@click.option("--exercise", metavar="E", default="", help="What files are answers to whose names do not say it.")
@click.option("--dry-run", is_flag=True, help="Show who, what and where, and write nothing.")
@json_option
@click.pass_context
def collect(  # noqa: PLR0913  one argument for each option
    context: click.Context, sources: tuple[Path, ...], *, roster_file: Path | None, into: Path, exercise: str, dry_run: bool,
    as_json: bool,
) -> int:  # fmt: skip
    """Put what Canvas, Moodle, Gradescope, Blackboard, Brightspace, nbgrader or GitHub Classroom hands out into --into, for `grader grade`.

    A SOURCE is an archive as it was downloaded, or a folder; files named after students, and folders of them, are taken as well. Archives
    in archives are opened, one level. All is looked through before anything is written; collecting again changes nothing, and
    a newer download adds what is new. What cannot be matched or placed is listed, and the exit code is 1.
    """
    course = whole_course(context)
    if exercise:
        course.exercise(exercise)
    roster = roster_of(roster_file)
    asked = functools.partial(functions_asked, course)
    with collecting(sources, into, course, roster, exercise=exercise, functions=asked) as collected:
        if not dry_run:
            collected.write()
    if as_json:
        print_json({"course": NamedCourse.of(course), "into": str(into), "dry_run": dry_run, "rows": collected.rows,
                    "problems": collected.problems, "notices": collected.notices, "absent": collected.absent})  # fmt: skip
    else:
        _show(collected, into, dry_run=dry_run)
    return EXIT_FAULT if collected.problems else 0


def _show(collected: Collected, into: Path, *, dry_run: bool) -> None:
    """What was found, what was left, and in one line what has become of it."""
    changed = [row for row in collected.rows if row.state != "same"]
    screen = console()
    for line in _lines(changed) if changed else ():
        screen.print(Text(shown(line)), soft_wrap=True)
    for notice in collected.notices:
        click.echo(f"note: {shown(notice)}", err=True)
    if collected.absent:
        named = listed(collected.absent, _NAMED, shown)
        click.echo(f"note: in the roster, and nothing of them here: {named}", err=True)
    if collected.problems:
        head = f"grader: not collected ({len(collected.problems)}):"
        lines = [f"  {shown(problem)}" for problem in collected.problems]
        click.secho("\n".join([head, *lines]), fg="red", err=True)
    known = len(collected.rows) - len(changed)
    students = len({row.student for row in collected.rows})
    what = "would be written" if dry_run else "written"
    text = f"{count_of(len(changed), 'attempt')} {what}, {known} known already, of {count_of(students, 'student')}; in {into}"
    screen.print(Text(text), soft_wrap=True)


def _lines(rows: Sequence[Row]) -> Iterator[str]:
    """For each student as whom the service has them, and below it the files: one may answer several exercises."""
    answers = Counter(replace(row, service="", source="") for row in rows)
    width = max(len(row.place) for row in rows)
    by_student = sorted(answers, key=lambda row: (row.student, row.who))
    for (student, who), files in itertools.groupby(by_student, key=lambda row: (row.student, row.who)):
        yield f"{student}  {who}".rstrip()
        for row in files:
            late = " late" if row.late else ""
            several = f", {answers[row]} exercises" if answers[row] > 1 else ""
            yield (
                f"  {row.place:{width}}  {row.submitted_at}{late} by {_BY[row.by]}  {row.state}{several}  from {row.given}"
            )
