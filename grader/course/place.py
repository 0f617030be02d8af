"""Where a course is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import CourseError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["COURSE_FILE", "course_around", "find_course", "read_course_file"]

COURSE_FILE = "course.yml"
_LAYOUT = "it lies in the folder of the course or of the hand-out; go there, or name that folder with --course DIR"


def find_course(start: Path) -> Path:
    """The course around `start`, or its exercises/ where `start` lies in these and they are a course of their own: the students' tree.

    Raises CourseError where there is none.
    """
    course = course_around(start)
    if course is None:
        raise CourseError(f"there is no {COURSE_FILE} here or in any folder above; {_LAYOUT}", path=start)
    exercises = course / "exercises"
    is_released = (exercises / COURSE_FILE).is_file() and start.resolve().is_relative_to(exercises)
    return exercises if is_released else course


def course_around(start: Path) -> Path | None:
    """The outermost folder with a course.yml, of `start` and those above it; None where there is none.

    A course.yml further in may be a part of what a student handed in.
    """
    here = start.resolve()
    return next((each for each in reversed((here, *here.parents)) if (each / COURSE_FILE).is_file()), None)


def read_course_file(root: Path) -> bytes:
    """The course.yml in a folder. Raises CourseError where it cannot be read."""
    path = root / COURSE_FILE
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"it cannot be read ({error.strerror}); {_LAYOUT}", path=path) from None
