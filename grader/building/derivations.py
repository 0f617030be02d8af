"""What students may get after the due date: how each answer comes about, and the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.building.compiler import compile_exercise
from grader.building.markdown import with_stars
from grader.building.reference import read_reference, task_and_code
from grader.building.stub import without_markers
from grader.errors import UsageError
from grader.files import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.model import Course

__all__ = ["release_derivations"]


def release_derivations(course: Course, out: Path) -> tuple[Path, ...]:
    """Write `out`/<assignment>/<exercise>.md for each exercise that has a derivation; return the files.

    Raises UsageError where there is none, where `out` is a folder of the course's own or cannot be written, and CourseError
    for an exercise that cannot be compiled; nothing is written then.
    """
    if course.released:
        raise UsageError(f"{course.root} has no solutions/: derivations are made from the whole course")
    if (out / "course.yml").exists() or (out / "solutions").exists():
        raise UsageError(f"{out} is a course or a hand-out, and these hold the answers; name a folder of their own")
    pages = {}
    for exercise in course.exercises():
        if derivation := compile_exercise(course, exercise).derivation:
            path = course.reference(exercise)
            task, code = task_and_code(read_reference(path), path)
            text = f"{with_stars(task)}\n\n## How it comes about\n\n{with_stars(derivation)}\n\n## In Python\n\n```python\n{without_markers(code)}\n```\n"
            pages[out / exercise.assignment / f"{exercise.id}.md"] = text
    if not pages:
        raise UsageError("none of these exercises has a derivation; write `derivation` in its checks file")
    for page, text in pages.items():
        try:
            write_atomically(page, text.encode())
        except OSError as error:
            raise UsageError(f"{page} cannot be written: {error.strerror}") from None
    return tuple(pages)
