"""`grader nbgrader push`: reports into nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.common import course_of
from grader.errors import UsageError
from grader.for_nbgrader.commands.course_directory import course_directory
from grader.for_nbgrader.gradebook.push import push_reports

__all__ = ["push"]


@click.command(
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
@course_directory
@click.pass_context
def push(context: click.Context, results: Path, course_dir: Path | None) -> int:
    """Write the reports of `grader grade` into gradebook.db. Manual scores stay; doing it twice changes nothing."""
    pushed = push_reports(course_of(context), results, course_dir)
    if not pushed:
        raise UsageError(
            f"{results} holds no report of this course; run `grader grade SUBMITTED --out {results}` first"
        )
    click.echo(f"{pushed} reports are in nbgrader's gradebook")
    return 0
