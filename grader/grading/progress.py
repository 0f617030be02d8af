"""What is remembered of a student's way through a course: what each check last found, and how many hints were shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.grading.kept import keep, kept, place_of
from grader.judging.verdicts import Verdict  # noqa: TC001  msgspec reads it

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.judging.verdicts import ExerciseResult

__all__ = ["Found", "Progress", "progress_of", "remember_found", "remember_hint"]


class Found(msgspec.Struct, frozen=True):
    """What a check found in an answer, in short."""

    verdict: Verdict
    earned: float
    possible: float
    """The points of the public examples."""
    state: str = ""
    """A hash of all that decided it."""

    @staticmethod
    def of(result: ExerciseResult, state: str = "") -> Found:
        """What is kept of a result."""
        return Found(result.verdict, result.score, result.max_score, state)


class Progress(msgspec.Struct, frozen=True):
    """What is remembered of a course, by exercise."""

    found: dict[str, Found] = {}
    hints: dict[str, int] = {}
    """The highest number of a hint that was shown."""


def progress_of(course: Course) -> Progress:
    """What is remembered of the tree that a course is in; nothing where nothing could be kept."""
    return kept(_place(course), Progress) or Progress()


def remember_found(course: Course, exercise: Exercise, found: Found) -> None:
    """Remember what a check found."""
    known = progress_of(course)
    keep(_place(course), msgspec.structs.replace(known, found=known.found | {exercise.id: found}))


def remember_hint(course: Course, exercise: Exercise, number: int) -> None:
    """Remember that a hint was shown."""
    known = progress_of(course)
    most = max(number, known.hints.get(exercise.id, 0))
    keep(_place(course), msgspec.structs.replace(known, hints=known.hints | {exercise.id: most}))


def _place(course: Course) -> Path | None:
    return place_of("progress", "course", course.root)
