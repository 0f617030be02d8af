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
    """The outermost folder with a course.yml, of `start` and those above it; or that course's own exercises/.

    A course.yml below another course may be a part of what a student handed in: it never counts, but that of the outer
    course's exercises/, which is the students' tree. Raises CourseError where there is none.
    """
    here = start.resolve()
    found = [folder for folder in (here, *here.parents) if (folder / COURSE_FILE).is_file()]
    if not found:
        raise CourseError(f"there is no {COURSE_FILE} here or in any folder above; {_LAYOUT}", path=start)
    exercises = found[-1] / "exercises"
    return exercises if exercises in found else found[-1]


def course_around(folder: Path) -> Path | None:
    """The course that a folder lies in; None where it lies in none."""
    above = [each for each in folder.resolve().parents if (each / COURSE_FILE).is_file()]
    return above[-1] if above else None


def read_course_file(root: Path) -> bytes:
    """The course.yml in a folder. Raises CourseError where it cannot be read."""
    path = root / COURSE_FILE
    try:
        return path.read_bytes()
    except OSError as error:
        raise CourseError(f"it cannot be read ({error.strerror}); {_LAYOUT}", path=path) from None
