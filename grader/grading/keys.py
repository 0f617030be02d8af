"""The answer keys that submissions are graded with: compiled from the course, or baked into a student's tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from grader.building.compiler import compile_key
from grader.errors import CourseError, UsageError
from grader.judging.answer_key import AnswerKey, decode_key

if TYPE_CHECKING:
    from grader.course.model import Course, Exercise

__all__ = ["Keys", "load_examples"]


class Keys:
    """The answer keys of a course: one for each exercise, or for each student where inputs are individual."""

    def __init__(self, course: Course) -> None:
        """Compile the keys that all students share; the exercises that cannot be compiled are in `faults`."""
        self._course = course
        self._shared: dict[str, AnswerKey] = {}
        self.faults: dict[str, CourseError] = {}
        for exercise in course.exercises():
            try:
                self._shared[exercise.id] = compile_key(course, exercise)
            except CourseError as error:
                self.faults[exercise.id] = error

    def of(self, exercise: Exercise, student: str) -> AnswerKey | CourseError:
        """The key for one student, or why there is none."""
        if exercise.id in self.faults or not self._course.individual:
            return self.faults.get(exercise.id) or self._shared[exercise.id]
        try:
            return compile_key(self._course, exercise, student)
        except CourseError as error:
            return error


def load_examples(course: Course, exercise: Exercise) -> AnswerKey:
    """The public examples of an exercise. Raises UsageError where they are missing or damaged."""
    path = course.examples(exercise)
    try:
        return decode_key(path.read_bytes())
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{path} cannot be read ({error}); get the exercises again from your instructor") from None
