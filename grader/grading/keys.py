"""The answer keys that submissions are graded with: compiled from the course, or shipped in a student's tree."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from grader.building.alterations import alterations
from grader.building.compiler import compile_exercise
from grader.errors import CourseError, UsageError
from grader.judging.answer_key import AnswerKey, decode_key
from grader.judging.judge import Altered, OwnJudge, trusted

if TYPE_CHECKING:
    from grader.building.compiler import Compiled
    from grader.course.model import Course, Exercise
    from grader.judging.diagnosis import Alteration

__all__ = ["Keys", "load_examples"]

_log = logging.getLogger(__name__)


class Keys:
    """The answer keys of a course, each made once: one for each exercise, or for each student where inputs are individual.

    With `shipped` they are the public examples beside the stubs. `own_judge` runs the judges of compiled keys; it is None
    for shipped ones, whose judges anybody may have written: those run in the sandbox. For several threads.
    """

    def __init__(self, course: Course, *, shipped: bool = False) -> None:
        """Make no key yet."""
        self._course, self._shipped = course, shipped
        self._made: dict[str, AnswerKey | CourseError] = {}
        self._judges: dict[str, str] = {}
        self._compiled: dict[str, Compiled] = {}
        self._altered: dict[tuple[str, str], tuple[Alteration, ...]] = {}
        self._making = threading.Lock()
        self.own_judge: OwnJudge | None = None if shipped else trusted(self._judges)

    def of(self, exercise: Exercise, student: str = "") -> AnswerKey:
        """The key for one student. Raises CourseError where it cannot be compiled, UsageError where it cannot be read."""
        with self._making:
            if exercise.id not in self._made:
                self._made[exercise.id] = self._make(exercise)
            key = self._made[exercise.id]
            if isinstance(key, CourseError):
                raise key
            if self._course.individual and student and not self._shipped:
                return self._keep(compile_exercise(self._course, exercise, student))
        return key

    def compiled(self, exercise: Exercise, student: str = "") -> Compiled:
        """The key for one student, with the code that it was made of; not of shipped keys. Raises CourseError."""
        key = self.of(exercise, student)
        return replace(self._compiled[exercise.id], key=key)

    def altered(self, exercise: Exercise, key: AnswerKey) -> Altered:
        """What a function's formulas give on altered inputs of a key, when it is asked for; nothing for shipped keys."""

        def of_function(function: str) -> tuple[Alteration, ...]:
            made = self._compiled.get(exercise.id)
            if made is None or exercise.framework != "numpy":
                return ()  # arrays are no tensors, and an answer in torch is worth less than the seconds that it takes
            if key is not made.key:
                return alterations(made, key, function)
            with self._making:
                place = (exercise.id, function)
                if place not in self._altered:
                    self._altered[place] = alterations(made, key, function)
                return self._altered[place]

        return of_function

    def faults(self) -> tuple[CourseError, ...]:
        """Make all keys that students share; what keeps some from being compiled."""
        faults = []
        for exercise in self._course.exercises():
            try:
                self.of(exercise)
            except CourseError as error:
                faults.append(error)
        return tuple(faults)

    def _make(self, exercise: Exercise) -> AnswerKey | CourseError:
        if self._shipped:
            return load_examples(self._course, exercise)
        try:
            return self._keep(compile_exercise(self._course, exercise))
        except CourseError as error:
            _log.info("no key for %s: %s", exercise.id, error)
            return error

    def _keep(self, compiled: Compiled) -> AnswerKey:
        self._judges.update(compiled.judges)
        self._compiled.setdefault(compiled.key.exercise, compiled)
        return compiled.key


def load_examples(course: Course, exercise: Exercise) -> AnswerKey:
    """The public examples of an exercise. Raises UsageError where they are missing, damaged or too new."""
    path = course.examples(exercise)
    try:
        return decode_key(path.read_bytes(), path)
    except (OSError, msgspec.MsgspecError) as error:
        raise UsageError(f"{path} cannot be read ({error}); get the exercises again from your instructor") from None
