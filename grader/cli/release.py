"""`grader release`: what students get."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from grader.building.release import release as write
from grader.cli.common import whole_course

__all__ = ["release"]


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@click.option("--notebooks", is_flag=True, help="Write nbgrader's source notebooks, which hold the solutions, instead.")
@click.pass_context
def release(context: click.Context, out: Path, *, notebooks: bool) -> int:
    """Write the students' tree into OUT: stubs, public examples, and how to start."""
    course = whole_course(context)
    if notebooks:
        # The integration is above this room: known by name.
        importlib.import_module("grader.for_nbgrader.cli").write_sources(course, out)
        return 0
    files = write(course, out)
    click.echo(f"{len(files)} files in {out}")
    return 0
