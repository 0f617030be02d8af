"""`grader nbgrader source`: the assignments as nbgrader's source notebooks."""

from __future__ import annotations

from pathlib import Path

import click

from grader.cli.common import course_of
from grader.for_nbgrader.source.notebooks import write_sources

__all__ = ["source"]


@click.command(
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
    files = write_sources(course_of(context), course_dir)
    click.echo(
        f"{len(files)} files in {course_dir}; they hold the solutions. "
        f"Next, in {course_dir}: nbgrader generate_assignment NAME"
    )
    return 0
