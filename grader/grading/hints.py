"""One hint at a time; which have been seen is kept beside the exercises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.files import write_atomically
from grader.grading.keys import load_examples

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise

__all__ = ["Hint", "next_hint"]

_SEEN = ".hints.json"


class Hint(msgspec.Struct, frozen=True):
    """One of an exercise's hints; `number` counts from 1, and is 0 where there are none."""

    number: int
    total: int
    text: str


def next_hint(course: Course, exercise: Exercise) -> Hint:
    """The next hint; the last one again once all have been seen. Raises UsageError for missing examples, and OSError."""
    hints = load_examples(course, exercise).hints
    if not hints:
        return Hint(0, 0, "there is no hint for this exercise: read its task once more, and check small cases on paper")
    path = course.root / _SEEN
    try:
        seen = msgspec.json.decode(path.read_bytes(), type=dict[str, int])
    except (FileNotFoundError, msgspec.MsgspecError):
        seen = {}
    number = min(max(seen.get(exercise.id, 0), 0) + 1, len(hints))
    write_atomically(path, msgspec.json.encode(seen | {exercise.id: number}) + b"\n")
    return Hint(number, len(hints), hints[number - 1])
