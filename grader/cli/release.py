"""`grader release`: what students get."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from grader.building.derivations import release_derivations
from grader.building.release import is_own_tree
from grader.building.release import release as write
from grader.cli.common import whole_course
from grader.errors import UsageError
from grader.words import count_of

__all__ = ["release"]


@click.command(
    epilog="""\b
Examples:
  grader release ../students           a hand-out that needs nothing else
  grader release exercises             the course's own stubs, after a change to solutions/
  grader release ../alice --student alice
  grader release ../answers --derivations --assignment jacobians
"""
)
@click.argument("out", type=click.Path(path_type=Path))
@click.option(
    "--derivations",
    is_flag=True,
    help="Write instead, after the due date, how the answers come about, and the references.",
)
@click.option(
    "--assignment",
    "assignments",
    metavar="A",
    multiple=True,
    help="With --derivations: of this assignment; can be given again.",
)
@click.option("--student", metavar="NAME", default="", help="The hand-out of one student, whose inputs are individual.")
@click.pass_context
def release(context: click.Context, out: Path, *, derivations: bool, assignments: tuple[str, ...], student: str) -> int:
    """Write the students' hand-out into OUT: stubs, notebooks, public examples, the grader, and how to start.

    Nothing of solutions/ is in it but what students may see. The course's own exercises/ get no notebooks and no grader.
    """
    course = whole_course(context)
    if derivations and student:
        raise UsageError("derivations are everybody's; --student goes with a hand-out")
    if derivations:
        pages = release_derivations(course.select(assignment=assignments), out)
        click.echo(f"{count_of(len(pages), 'page')} in {out}, with the answers")
        return 0
    if assignments:
        raise UsageError("a hand-out is of the whole course; --assignment goes with --derivations")
    for assignment in course.assignments:
        if assignment.due and assignment.due < datetime.now(UTC):
            late = f"{assignment.id} was due {assignment.due.isoformat()}, before it is handed out: change `due` in course.yml"
            click.echo(f"note: {late}", err=True)
    files = write(course, out, student)
    wheels = [file.name for file in files if file.suffix == ".whl"]
    click.echo(
        f"{count_of(len(files), 'file')} in {out}" + "".join(f"; {name} among them is the grader" for name in wheels)
    )
    if is_own_tree(course, out):
        click.echo("For students name another folder: that gets notebooks and the grader as well.")
    return 0
