"""`grader preview`: an exercise as students will see it, on one page for its author."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.cli.common import cores, whole_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.saves import saves
from grader.course.course_yml import load_course
from grader.errors import GraderError
from grader.files import write_atomically
from grader.verify.preview import preview_page
from grader.verify.verify import verify
from grader.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.model import Course, Exercise

__all__ = ["preview"]


@click.command(
    epilog="""\b
Examples:
  grader preview softmax_jacobian
  grader preview softmax_jacobian --watch      again after each change of its files
"""
)
@click.argument("exercise")
@click.option(
    "--out",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The page [default: results/preview/EXERCISE.html in the course].",
)
@click.option("--watch", is_flag=True, help="Stay, and write it again whenever the exercise changes; Ctrl-C ends it.")
@click.pass_context
def preview(context: click.Context, exercise: str, *, out: Path | None, watch: bool) -> int:
    """Write one page for the author: the stub, what a right answer and each known wrong one is told, and what verifying finds.

    It holds the answers.
    """
    course = whole_course(context)
    chosen = course.exercise(exercise)
    path = out or course.root / "results" / "preview" / f"{chosen.id}.html"
    if not watch:
        return 0 if _written(course, chosen, path) else EXIT_FAULT
    for _ in _changes(course):
        try:
            current = load_course(course.root)
            _written(current, current.exercise(exercise), path)
        except GraderError as error:
            click.echo(f"{error}", err=True)
    return 0


def _written(course: Course, exercise: Exercise, path: Path) -> bool:
    """Write the page, and say what was found; whether it is without a fault."""
    (found,) = verify(course, [exercise], cores())
    page = preview_page(course, exercise, found)
    write_atomically(path, page.encode(), lasting=False)
    faults = count_of(len(found.faults), "fault") if found.faults else found.result
    click.echo(f"{datetime.now().astimezone():%H:%M:%S}  {exercise.id}: {faults}; open {path}")
    return not found.faults


def _changes(course: Course) -> Iterator[None]:
    """Now, and after each change of what exercises are made of, for ever; what is saved meanwhile is not missed."""
    changes = saves([course.root / "solutions"], (".py",), lambda said: click.echo(said, err=True), recursive=True)
    for number, found in enumerate(changes):
        if found or not number:
            yield
