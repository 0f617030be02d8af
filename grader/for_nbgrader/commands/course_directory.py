"""Where nbgrader's course is, as the commands are told."""

from __future__ import annotations

from pathlib import Path

import click

__all__ = ["course_directory"]

course_directory = click.option(
    "--course-dir",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="nbgrader's course directory [default: what nbgrader's configuration says, else the current folder].",
)
