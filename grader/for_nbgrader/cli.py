"""`grader nbgrader`: declares what can be asked of the integration; other modules, imported when needed, do it."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.common import course_of, jobs_option
from grader.cli.terminal import progress
from grader.errors import UsageError
from grader.names import shown, shown_lines

__all__ = ["group"]

_nb_folder = click.option(
    "--course-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="nbgrader's course directory [default: what nbgrader's configuration says, else the current folder].",
)


@click.group("nbgrader")
def group() -> None:
    """Work with an nbgrader course: its notebooks, its gradebook."""


def _require_nbgrader() -> None:
    from grader.for_nbgrader.versions import require_nbgrader  # noqa: PLC0415

    require_nbgrader()


@group.command(
    epilog="""\b
Example:
  grader nbgrader source ../nbgrader-course
"""
)
@click.argument("course_dir", type=click.Path(path_type=Path, file_okay=False))
@click.pass_context
def source(context: click.Context, course_dir: Path) -> int:
    """Write the assignments as source notebooks into nbgrader's COURSE_DIR, and nbgrader_config.py if it has none.

    They hold the solutions: `nbgrader generate_assignment` makes what students get.
    """
    _require_nbgrader()
    from grader.for_nbgrader.source.notebooks import write_sources  # noqa: PLC0415

    files = write_sources(course_of(context), course_dir)
    click.echo(
        f"{len(files)} files in {course_dir}; they hold the solutions. "
        f"Next, in {course_dir}: nbgrader generate_assignment NAME"
    )
    return 0


@group.command(
    epilog="""\b
Examples:
  grader nbgrader autograde backprop
  grader nbgrader autograde backprop --jobs 4 --force
"""
)
@click.argument("assignment")
@jobs_option
@click.option("--student", "students", metavar="S", multiple=True, help="Grade this student alone; can be given again.")
@click.option("--force", is_flag=True, help="Grade again what is graded already.")
@_nb_folder
@click.pass_context
def autograde(  # noqa: PLR0913  one argument for each option
    context: click.Context, assignment: str, *, jobs: int, students: tuple[str, ...], force: bool, course_dir: Path | None
) -> int:  # fmt: skip
    """Grade all submissions of ASSIGNMENT, as `nbgrader autograde` would, in one process.

    What is in autograded/ is not graded again, so a run that was cut off is finished by the next. Exit code 1 where a
    submission could not be graded: its grades are empty, and formgrader asks for a person.
    """
    _require_nbgrader()
    from grader.for_nbgrader.autograde.classrun import autograde_class  # noqa: PLC0415

    with progress("grading") as advance:
        done = autograde_class(
            course_dir, assignment, context.obj, students=students, jobs=jobs, force=force, advance=advance
        )
    for note in done.notes:
        click.echo(f"note: {note}", err=True)
    for name in done.not_isolated:
        click.echo(f"note: NOT ISOLATED, run in a kernel: {shown(name)}", err=True)
    for name, problem in done.failed.items():
        click.echo(f"grader: {shown(name)}: {shown_lines(str(problem))}", err=True)
    click.echo(
        f"{len(done.graded)} graded, {len(done.skipped)} were graded before, {len(done.failed)} could not be graded"
    )
    return 1 if done.failed else 0


@group.command(
    epilog="""\b
Example:
  grader grade submitted && grader nbgrader push
"""
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Where `grader grade` put them.",
)
@_nb_folder
@click.pass_context
def push(context: click.Context, results: Path, course_dir: Path | None) -> int:
    """Write the reports of `grader grade` into gradebook.db. Manual scores stay; doing it twice changes nothing."""
    _require_nbgrader()
    from grader.for_nbgrader.gradebook.push import push_reports  # noqa: PLC0415

    pushed = push_reports(course_of(context), results, course_dir)
    if not pushed:
        raise UsageError(
            f"{results} holds no report of this course; run `grader grade SUBMITTED --out {results}` first"
        )
    click.echo(f"{pushed} reports are in nbgrader's gradebook")
    return 0
