"""`grader nbgrader autograde`: a class of nbgrader's, graded in one process."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import click

from grader.cli.common import cores, jobs_option, say_course
from grader.cli.exit_codes import EXIT_FAULT
from grader.cli.start import loaded
from grader.cli.terminal import progress
from grader.for_nbgrader.commands.course_directory import course_directory
from grader.for_nbgrader.importing import without_iri_grammar
from grader.grading.pool import begun
from grader.names import shown, shown_lines

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["autograde"]


@click.command(
    epilog="""\b
Examples:
  grader nbgrader autograde backprop
  grader nbgrader autograde backprop --jobs 4 --force
"""
)
@click.argument("assignment")
@jobs_option("one for each core")
@click.option("--student", "students", metavar="S", multiple=True, help="Grade this student alone; can be given again.")
@click.option("--force", is_flag=True, help="Grade again what is graded already.")
@click.option("--no-repair", is_flag=True, help="Look for no edit that makes a wrong answer right.")
@course_directory
@click.pass_context
def autograde(  # noqa: PLR0913  one argument for each option
    context: click.Context, assignment: str, *, jobs: int | None, students: tuple[str, ...], force: bool, no_repair: bool,
    course_dir: Path | None,
) -> int:  # fmt: skip
    """Grade all submissions of ASSIGNMENT, as `nbgrader autograde` would, in one process.

    What is in autograded/ is not graded again, so a run that was cut off is finished by the next. Exit code 1 where a
    submission could not be graded: its grades are empty, and formgrader asks for a person.
    """
    with ExitStack() as held:
        if worker := begun():  # which starts while nbgrader is imported
            held.callback(worker.close)
        with without_iri_grammar():
            autograde_class = loaded("grader.for_nbgrader.autograde.classrun:autograde_class")
        advance = held.enter_context(progress("grading"))
        done = autograde_class(
            course_dir, assignment, context.obj, students=students, jobs=jobs or cores(), force=force,
            repair=not no_repair, advance=advance, begins=say_course, worker=worker,
        )  # fmt: skip
    for note in done.notes:
        click.echo(f"note: {note}", err=True)
    for name in done.not_isolated:
        click.echo(f"note: NOT ISOLATED, run in a kernel: {shown(name)}", err=True)
    for name, problem in done.failed.items():
        click.echo(f"grader: {shown(name)}: {shown_lines(str(problem))}", err=True)
    click.echo(
        f"{len(done.graded)} graded, {len(done.skipped)} were graded before, {len(done.failed)} could not be graded"
    )
    return EXIT_FAULT if done.failed else 0
