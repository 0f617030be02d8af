"""What the commands share that work on a course's record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.errors import UsageError, did_you_mean
from grader.names import shown
from grader.record.opening import open_record
from grader.record.place import record_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.model import Course, Exercise
    from grader.record.record import Record

__all__ = ["nothing_of", "out_option", "place_of_record", "record_of", "record_option", "require_results"]

record_option = click.option(
    "--db",
    metavar="RECORD",
    envvar="GRADER_DB",
    help="The course's record: a file, or the URL of a database [default: what course.yml says, else record.sqlite in the "
    "course's folder].",
)


def out_option(about: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """An option for the folder that results are written into; `about` is its help."""
    return click.option(
        "--out",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path("results"),
        show_default=True,
        help=about,
    )


def record_of(course: Course, db: str | None, *, must_exist: bool = False) -> Record:
    """The record of a whole course. Raises UsageError where it cannot be used, or must exist and does not."""
    return open_record(place_of_record(course, db), course.title, must_exist=must_exist)


def place_of_record(course: Course, db: str | None) -> str | Path:
    """Where the record is: what --db says, else what the course does. Raises UsageError."""
    return db or record_place(course)


def require_results(record: Record, course: Course, assignment: str = "") -> None:
    """Raises UsageError where there is nothing to tell of a course, or of that assignment of it."""
    known = {each.id for each in course.assignments}
    if not any(each in known for _, each in record.reports()):
        of = f" of {assignment}" if assignment else ""
        raise UsageError(f"the record {record.name} has no results{of} yet: run `grader grade SUBMITTED` first")


def nothing_of(record: Record, student: str, exercise: Exercise) -> UsageError:
    """That there is no answer, and what may be meant or done next."""
    near = "" if student in record.students else did_you_mean(student, record.students)
    return UsageError(
        f"the record {record.name} has nothing of {shown(student)} for {exercise.id}"
        f"{near or '; run `grader grade SUBMITTED` first'}"
    )
