"""What the commands share: the course that is meant, where they print, and what they have to work with."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import CourseError, UsageError

if TYPE_CHECKING:
    from rich.console import Console

    from grader.course.model import Course

__all__ = [
    "EXIT_FAULT", "EXIT_INTERRUPTED", "EXIT_USAGE", "console", "cores", "course_of", "json_option", "print_json",
    "whole_course",
]  # fmt: skip

EXIT_FAULT, EXIT_USAGE, EXIT_INTERRUPTED = 1, 2, 130

_WIDTH = 120

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")


def course_of(context: click.Context, near: Path | None = None) -> Course:
    """The course asked for, else the one around `near`, else the one around the current folder."""
    from grader.course.course_yml import find_course, load_course  # noqa: PLC0415

    if context.obj is not None:
        return load_course(context.obj)
    if near is not None:
        try:
            return load_course(find_course(near))
        except CourseError as error:
            if error.path != near:
                raise
    return load_course(find_course(Path.cwd()))


def whole_course(context: click.Context) -> Course:
    """The course asked for, with its solutions. Raises UsageError in a student's tree."""
    course = course_of(context)
    if course.released:
        raise UsageError(
            f"{course.root} is a student's tree, without solutions/; run this in the whole course, or give --course DIR"
        )
    return course


def console(*, quiet: bool = False) -> Console:
    """Where tables go."""
    from rich.console import Console  # noqa: PLC0415

    # A file or a pipe has no width of its own.
    return Console(quiet=quiet, highlight=False, width=None if sys.stdout.isatty() else _WIDTH)


def print_json(thing: Any) -> None:
    """Print the machine's form of what a person sees."""
    import msgspec  # noqa: PLC0415

    click.echo(msgspec.json.format(msgspec.json.encode(thing), indent=2).decode())


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
