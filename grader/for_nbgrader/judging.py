"""Judge the exercises of a notebook: the student's cells run in the worker, and are compared with the answer key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import msgspec
from msgspec.structs import replace

from grader.errors import CourseError, GraderError, UsageError
from grader.for_nbgrader.cells import automatic_points, automatic_score, manual_points
from grader.grading.attempt import missing_packages
from grader.grading.keys import Keys
from grader.grading.pool import required_by
from grader.grading.processes import executor
from grader.grading.tasks import Given, Task
from grader.judging.verdicts import ExerciseResult, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.model import Course, Exercise
    from grader.judging.answer_key import AnswerKey
    from grader.sandbox.workers import Zygote
    from grader.wire.messages import Chunk

__all__ = ["Judged", "Judging", "JudgingError"]


_CELLS = "cells"
"""A name for what a notebook's exercises are judged by, which is the same for all."""

_NICER = 10
"""By how much those that grade let nbgrader's own work go first: all of it is one process's, on which they wait."""


class JudgingError(GraderError):
    """The course or the grader is at fault: a grade stays empty, and nbgrader flags it for a person."""


class Judged(msgspec.Struct, frozen=True):
    """One exercise of one notebook: the points that the judge gave, of those that it gives, and what is said of it."""

    result: ExerciseResult
    earned: float
    possible: float
    written: float
    by_hand: tuple[str, ...] = ()
    """The names of the checks whose points a person gives."""

    def scaled(self, most: float) -> Judged:
        """The same share of other points."""
        return replace(self, earned=most * self.earned / self.possible, possible=most)


class Judging:
    """The answer keys and the workers of a run. Its methods may be called from several threads."""

    def __init__(self, course: Course, jobs: int = 1, *, repair: bool = True, begun: Zygote | None = None) -> None:
        """Compile and start nothing yet; up to `jobs` notebooks are judged at once, with a first worker that has `begun` where there is one.

        Without `repair` no edit is looked for that makes a wrong answer right.
        """
        bounds = course.repair if repair and not course.released else replace(course.repair, variants=0)
        self.course = course
        self._exercises = {exercise.id: exercise for exercise in course.exercises()}
        self._keys = Keys(course, shipped=course.released)
        self._executor = executor(course, self._keys, jobs, required_by(course), bounds, begun, nicer=_NICER)

    def __enter__(self) -> Self:
        """Return the judging itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers."""
        self.close()

    def close(self) -> None:
        """End the workers."""
        self._executor.close()

    def abort(self) -> None:
        """Make what is running in other threads fail now."""
        self._executor.abort()

    def require_packages(self, assignment: str) -> None:
        """Raises UsageError for packages that an assignment's exercises need, and that are not installed here."""
        needing = [
            each for each in self._exercises.values() if each.assignment == assignment and missing_packages(each)
        ]
        if needing:
            absent = sorted({name for each in needing for name in missing_packages(each)})
            raise UsageError(
                f"{', '.join(each.id for each in needing)}: needs {', '.join(absent)}, not installed here, so nothing is"
                f" graded: pip install {' '.join(absent)}"
            )

    def start(self) -> None:
        """Start a worker. Raises UsageError where the isolation is missing that the course requires."""
        self._executor.start()

    def key(self, exercise_id: str, student: str) -> AnswerKey:
        """The answer key of an exercise. Raises JudgingError where there is none."""
        try:
            return self._keys.of(self._exercise(exercise_id), student)
        except CourseError as error:
            raise JudgingError(str(error)) from None

    def _exercise(self, exercise_id: str) -> Exercise:
        if exercise_id not in self._exercises:
            raise JudgingError(f"{exercise_id} is no exercise of the course in {self.course.root}")
        return self._exercises[exercise_id]

    def notebook_exercises(self, assignment: str, notebook: str) -> tuple[str, ...]:
        """The exercises that the course puts into a notebook; none where it has no such notebook."""
        for each in self.course.assignments:
            if each.id == assignment:
                names = [exercise.id for exercise in each.exercises]
                if self.course.notebooks == "assignment":
                    return tuple(names) if notebook == assignment else ()
                return (notebook,) if notebook in names else ()
        return ()

    def judge(self, exercises: Sequence[str], cells: Sequence[Chunk], student: str) -> dict[str, Judged]:
        """Judge exercises of one notebook by a student's code cells.

        Raises JudgingError where the course or the worker is at fault, for the whole notebook; UsageError where the
        isolation is missing that the course requires.
        """
        keys = {name: self.key(name, student) for name in exercises}
        functions = {name: key.functions for name, key in keys.items()}
        given = tuple(
            Given(
                self._exercises[name], key, self._keys.digest(self._exercises[name], student), tuple(cells), _CELLS, "",
                {other: found for other, found in functions.items() if other != name},
            )
            for name, key in keys.items()
        )  # fmt: skip
        judged = {}
        for each, found in zip(given, self._executor.grade(Task(given, search=True)), strict=True):
            if found.result.verdict is Verdict.JUDGE_ERROR:
                why = found.result.fault.strip().splitlines()[-1]
                raise JudgingError(f"{each.exercise.id} could not be judged: {why}")
            judged[each.exercise.id] = self._judged(each.key, found.result)
        return judged

    def _judged(self, key: AnswerKey, result: ExerciseResult) -> Judged:
        if self.course.released:
            # A student's tree has no points of hidden checks: right on all examples, or not.
            return Judged(result, float(result.verdict is Verdict.ACCEPTED), 1.0, 0.0)
        by_hand = tuple(check.name for check in key.checks if check.keep)
        return Judged(result, automatic_score(key, result), automatic_points(key), manual_points(key), by_hand)
