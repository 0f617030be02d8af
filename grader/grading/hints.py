"""One hint at a time; which have been seen is remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.grading.keys import load_examples
from grader.grading.progress import progress_of, remember_hint

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise

__all__ = ["Hint", "next_hint"]


class Hint(msgspec.Struct, frozen=True):
    """One of an exercise's hints; `number` counts from 1, and is 0 where there are none."""

    number: int
    total: int
    text: str


def next_hint(course: Course, exercise: Exercise, number: int = 0) -> Hint:
    """The next hint, or that of a number; the last one where there are no more. Raises UsageError for missing examples."""
    hints = load_examples(course, exercise).hints
    if not hints:
        return Hint(0, 0, "there is no hint for this exercise: read its task once more, and check small cases on paper")
    number = min(number or max(progress_of(course).hints.get(exercise.id, 0), 0) + 1, len(hints))
    remember_hint(course, exercise, number)
    return Hint(number, len(hints), hints[number - 1])
