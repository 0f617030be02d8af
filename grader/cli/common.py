"""What the commands share: the course that is meant, and what they have to work with."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from grader.course.course_yml import find_course, load_course
from grader.errors import CourseError, UsageError, did_you_mean
from grader.names import shown
from grader.submissions.files import read_file
from grader.submissions.intake.roster import read_roster

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise
    from grader.grading.keys import Keys
    from grader.submissions.intake.roster import Roster

__all__ = [
    "NAME_ONE",
    "NamedCourse",
    "cores",
    "course_of",
    "exercises_named",
    "functions_asked",
    "jobs_option",
    "json_option",
    "print_json",
    "roster_of",
    "roster_option",
    "say_course",
    "whole_course",
]

NAME_ONE = "; name one by its id, which is its file's name without .py, by its file, or by its folder"

_log = logging.getLogger(__name__)

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")


def course_of(context: click.Context, near: Path | None = None, *, always_said: bool = False) -> Course:
    """The course asked for, else the one around `near`, else the one around the current folder.

    It is named on stderr where it is not plainly the current folder's, or always; with --json what is printed has it,
    and with --quiet nothing.
    """
    course = load_course(context.obj or _found(near))
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


def exercises_named(course: Course, name: str) -> tuple[Exercise, ...]:
    """The exercises that a word means: an id of one or of an assignment, or a file or folder of that name.

    Raises UsageError for a word that means none.
    """
    path = Path(name)
    words = {path.name, path.stem}
    found = tuple(exercise for exercise in course.exercises() if exercise.id in words)
    found = found or tuple(exercise for exercise in course.exercises() if exercise.assignment in words)
    if not found:
        near = did_you_mean(path.stem, [exercise.id for exercise in course.exercises()])
        raise UsageError(f"{name} is no exercise of this course{near or NAME_ONE}")
    return found


def functions_asked(keys: Keys, exercise: Exercise) -> tuple[str, ...]:
    """What an exercise asks for; the function of its name where its key cannot be compiled."""
    try:
        return keys.of(exercise).functions
    except CourseError:
        return (exercise.id,)


MAX_ROSTER = 16 * 2**20

roster_option = click.option(
    "--roster",
    "roster_file",
    metavar="CSV",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The class: ids, logins, addresses, names.",
)


def roster_of(path: Path | None) -> Roster | None:
    """The roster in a file, if one is named. Raises UsageError where it cannot be read."""
    if path is None:
        return None
    try:
        data = read_file(path.resolve(), MAX_ROSTER)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror or 'it is no file'})") from None
    if len(data) > MAX_ROSTER:
        raise UsageError(f"{path} is larger than {MAX_ROSTER >> 20} MiB; is it a roster?")
    return read_roster(data, str(path))


def print_json(thing: Any) -> None:
    """Print the machine's form of what a person sees."""
    click.echo(msgspec.json.format(msgspec.json.encode(thing), indent=2).decode())


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


jobs_option = click.option(
    "--jobs",
    metavar="N",
    type=click.IntRange(1, 256),
    default=cores,
    help="How many to grade at once [default: one for each core].",
)
