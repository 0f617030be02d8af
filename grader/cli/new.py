"""`grader new`: the files of a course, or of one more exercise."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

import click

from grader.building.release import release
from grader.building.scaffold import course_files, exercise_files
from grader.building.wheel import wheel
from grader.cli.common import whole_course
from grader.course.course_yml import is_assignment_id, is_exercise_id, load_course
from grader.course.place import COURSE_FILE, course_around
from grader.course.yaml_editor import with_exercise
from grader.errors import UsageError
from grader.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.course.model import Course

__all__ = ["group"]

_SEED_BITS = 63


@click.group(name="new")
def group() -> None:
    """Begin a course, or one more exercise of it: files that are right, or that say what is to be written in them."""


@group.command(
    epilog="""\b
Example:
  grader new course ../calculus --title "Calculus for machine learning"
"""
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", default="", help="What students read [default: the folder's name].")
def course(folder: Path, title: str) -> int:
    """Begin a course in DIR, which is new or empty: course.yml with a secret seed, one worked exercise, the grader, and a workflow.

    `grader verify` passes on it at once.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder; name one that is, or that is not there yet")
    if around := course_around(folder.resolve().parent):
        raise UsageError(
            f"{folder} lies in the course {around}, and commands there would be about that one; name a folder outside of it"
        )
    title = title.strip() or folder.resolve().name
    name, packed = wheel()
    texts = course_files(title, secrets.randbits(_SEED_BITS))
    _write(folder, {path: text.encode() for path, text in texts.items()} | {name: packed})
    begun = load_course(folder)
    release(begun, folder / "exercises")
    (worked,) = begun.exercises()
    click.echo(f"{title}, in {folder}: {len(begun.exercises())} exercise, {worked.id}, is worked out.")
    click.echo(
        f"Go there, and: grader verify; grader preview {worked.id}; grader new exercise {worked.assignment}/NAME"
    )
    return 0


@group.command(
    epilog="""\b
Example:
  grader new exercise jacobians/softmax_jacobian
"""
)
@click.argument("name", metavar="ASSIGNMENT/EXERCISE")
@click.pass_context
def exercise(context: click.Context, name: str) -> int:
    """Begin an exercise: a reference and checks that say what is to be written in them, and its line in course.yml.

    An assignment that is new comes last. `grader verify` names what is to be done, with file and line.
    """
    course = whole_course(context)
    assignment, id_ = _ids(course, name)
    texts = exercise_files(assignment, id_)
    for file in texts:
        if (course.root / file).exists():
            raise UsageError(f"{course.root / file} is there already; choose another name")
    path = course.root / COURSE_FILE
    edited = with_exercise(path.read_bytes().decode(), assignment, id_, path)
    _write(course.root, {path: text.encode() for path, text in texts.items()} | {COURSE_FILE: edited.encode()})
    for file in texts:
        click.echo(file)
    click.echo(f"Both say what is to be written where it says TODO, and `grader verify {id_}` what is left of it.")
    return 0


def _ids(course: Course, name: str) -> tuple[str, str]:
    """The ids of an assignment and of an exercise that is not there. Raises UsageError."""
    assignment, slash, exercise = name.partition("/")
    if not slash or not is_assignment_id(assignment) or not is_exercise_id(exercise):
        raise UsageError(
            f"{name!r} is not ASSIGNMENT/EXERCISE: an assignment's id has lower-case letters, digits, '_' and '-', an exercise's"
            " letters, digits and '_', neither a digit first, and an exercise's is the name of its function,"
            " and of no module that answers import"
        )
    for each in course.exercises():
        if each.id.casefold() == exercise.casefold():
            raise UsageError(f"there is an exercise {each.id!r} already, in {each.assignment}; choose another name")
    return assignment, exercise


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files in their order. Raises UsageError where that cannot be."""
    for path, data in files.items():
        try:
            write_atomically(folder / path, data)
        except OSError as error:
            raise UsageError(f"{folder / path} cannot be written: {error.strerror}") from None
