"""What the commands share: the course that is meant, and what they have to work with."""

from __future__ import annotations

import logging
import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from grader.course.place import find_course
from grader.errors import CourseError, UsageError
from grader.grading.known_course import course_in
from grader.names import shown
from grader.shown_json import shown_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.model import Course

__all__ = [
    "MOMENT",
    "NamedCourse",
    "cores",
    "course_of",
    "jobs_for",
    "jobs_option",
    "json_option",
    "moment_of",
    "near_here",
    "print_json",
    "say_course",
    "whole_course",
]


MOMENT = "2027-03-08T23:59:00+01:00"

_log = logging.getLogger(__name__)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")


def course_of(context: click.Context, near: Path | None = None, *, always_said: bool = False) -> Course:
    """The course asked for, else the one around `near`, else the one around the current folder.

    It is named on stderr where it is not plainly the current folder's, or always; with --json what is printed has it,
    and with --quiet nothing.
    """
    course = course_in(context.obj or _found(near))
    _log.info("course %s: %s, %d exercises", course.root.resolve(), course.title, len(course.exercises()))
    says_less = context.params.get("as_json") or context.params.get("quiet")
    if not says_less and (always_said or not _is_of_this_folder(course)):
        say_course(course)
    return course


def say_course(course: Course) -> None:
    """Name a course on stderr."""
    click.echo(f"course: {shown(course.title)}, in {shown(str(course.root.resolve()))}", err=True)


def _is_of_this_folder(course: Course) -> bool:
    """Whether a course is in the current folder, or around it as its next one is."""
    root, here = course.root.resolve(), Path.cwd()
    return root == here or (root == here.parent and not (here / "course.yml").exists())


class NamedCourse(msgspec.Struct, frozen=True):
    """The course of a run, in the machine's form of what is printed."""

    title: str
    folder: str

    @staticmethod
    def of(course: Course) -> NamedCourse:
        """The course's own title and place."""
        return NamedCourse(course.title, str(course.root.resolve()))


def _found(near: Path | None) -> Path:
    if near is not None:
        try:
            return find_course(near)
        except CourseError as error:
            if error.path != near:
                raise
    return find_course(Path.cwd())


def whole_course(context: click.Context, *, always_said: bool = False) -> Course:
    """The course asked for, with its solutions. Raises UsageError in a student's tree."""
    course = course_of(context, always_said=always_said)
    if course.released and course.seed is not None:
        raise UsageError(f"{course.root} has no solutions/ yet: the references and the checks go there")
    if course.released:
        raise UsageError(
            f"{course.root} is what students get, and this needs the whole course: go there, or give --course DIR"
        )
    return course


def near_here(path: Path) -> str:
    """A file as it is best named in this folder."""
    here = Path.cwd()
    return str(path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path)


def print_json(thing: Any) -> None:
    """Print the machine's form of what a person sees."""
    click.echo(shown_json(thing), nl=False)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


_WORTH_A_JOB = 100
"""How many answers there are to be graded for each job, unless it is said: a second takes as long to start as these."""


def jobs_for(asked: int | None, answers: int) -> int:
    """How many are graded at once: as many as are asked for, else one for each core where there is enough to do."""
    return asked or max(1, min(cores(), answers // _WORTH_A_JOB))


def jobs_option(
    default: str = "one for each hundred answers, at most one for each core",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option for how many are graded at once; `default` says how many are where it is not given."""
    return click.option(
        "--jobs", metavar="N", type=click.IntRange(1, 256), help=f"How many to grade at once [default: {default}]."
    )


def moment_of(text: str, where: str = "") -> datetime:
    """A date and time with its zone, as somebody has typed it; `where` begins the message. Raises UsageError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{where}{text!r} is no date and time; write it such as {MOMENT}") from None
    if moment.tzinfo is None:
        raise UsageError(f"{where}{text!r} has no time zone; write it such as {MOMENT}, or with Z at the end for UTC")
    return moment
