"""Judge the exercises of a notebook: the student's cells run in the worker, and are compared with the answer key."""

from __future__ import annotations

import queue
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

from grader.errors import CourseError, GraderError
from grader.for_nbgrader.cells import automatic_points, automatic_score, manual_points
from grader.grading.attempt import Attempt, attempt_notebook, packages, run_and_judge
from grader.grading.keys import Keys, load_examples
from grader.judging.judge import refuse
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.sandbox.layers import require
from grader.sandbox.sandbox import Sandbox
from grader.submissions.cells import reviewed, solution_id
from grader.submissions.program import MAX_SOURCE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.course.model import Course, Exercise
    from grader.judging.answer_key import AnswerKey
    from grader.submissions.cells import NotebookReading, ReviewedCell
    from grader.wire.messages import Chunk

__all__ = ["Judged", "Judging", "JudgingError"]

_TOO_LARGE = f"The notebook's code is larger than {MAX_SOURCE >> 20} MiB: remove data from it."


class JudgingError(GraderError):
    """The course or the grader is at fault: a grade stays empty, and nbgrader flags it for a person."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One exercise of one notebook: the points that the judge gave, of those that it gives, and what is said of it."""

    result: ExerciseResult
    earned: float
    possible: float
    written: float
    notes: tuple[str, ...] = ()

    def scaled(self, most: float) -> Judged:
        """The same share of other points."""
        return replace(self, earned=most * self.earned / self.possible, possible=most)


class Judging:
    """The answer keys and the workers of a run. Its methods may be called from several threads."""

    def __init__(self, course: Course, jobs: int = 1) -> None:
        """Compile and start nothing yet; up to `jobs` exercises are judged at once."""
        self.course = course
        self._exercises = {exercise.id: exercise for exercise in course.exercises()}
        self._keys: dict[str, Keys] = {}
        self._compiling = threading.Lock()
        self._stack = ExitStack()
        self._benches: list[dict[tuple[str, ...], Sandbox]] = [{} for _ in range(jobs)]
        self._free: queue.SimpleQueue[dict[tuple[str, ...], Sandbox]] = queue.SimpleQueue()
        for bench in self._benches:
            self._free.put(bench)

    def __enter__(self) -> Self:
        """Return the judging itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the workers."""
        self.close()

    def close(self) -> None:
        """End the workers."""
        self._stack.close()

    def abort(self) -> None:
        """Make what is running in other threads fail now."""
        for bench in self._benches:
            for sandbox in tuple(bench.values()):
                sandbox.abort()

    def require_isolation(self) -> None:
        """Raises UsageError, before anything is graded, on a machine that does not isolate as the course requires."""
        with self._sandbox(()):
            return

    def key(self, exercise_id: str, student: str) -> AnswerKey:
        """The answer key of an exercise. Raises JudgingError where there is none."""
        exercise = self._exercises.get(exercise_id)
        if exercise is None:
            raise JudgingError(f"{exercise_id} is no exercise of the course in {self.course.root}")
        if self.course.released:
            return load_examples(self.course, exercise)
        with self._compiling:
            if exercise_id not in self._keys:
                self._keys[exercise_id] = Keys(self.course.select(exercise=exercise_id))
            key = self._keys[exercise_id].of(exercise, student)
        if isinstance(key, CourseError):
            raise JudgingError(str(key))
        return key

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

        Raises JudgingError where the course or the worker is at fault, for the whole notebook.
        """
        keys = {name: self.key(name, student) for name in exercises}
        if sum(len(cell.source.encode(errors="replace")) for cell in cells) > MAX_SOURCE:
            return {
                name: self._judged(key, refuse(key, Verdict.FORBIDDEN, _TOO_LARGE), ()) for name, key in keys.items()
            }
        functions = {solution_id(name): key.functions for name, key in keys.items()}
        read = [reviewed(cell) for cell in cells]
        return {name: self._judge(self._exercises[name], key, read, functions) for name, key in keys.items()}

    def _judge(
        self, exercise: Exercise, key: AnswerKey, read: Sequence[ReviewedCell], functions: Mapping[str, tuple[str, ...]]
    ) -> Judged:
        others = {grade_id: names for grade_id, names in functions.items() if grade_id != solution_id(exercise.id)}
        attempt = attempt_notebook(read, key, lambda program: self._run(exercise, key, program), others)
        result = attempt.result
        if result.verdict is Verdict.JUDGE_ERROR:
            why = next((check.feedback for check in result.checks if check.verdict is Verdict.JUDGE_ERROR), "")
            raise JudgingError(f"{exercise.id} could not be judged: {why}")
        return self._judged(key, result, attempt.notes)

    def _run(self, exercise: Exercise, key: AnswerKey, program: NotebookReading) -> Attempt:
        with self._sandbox(packages(exercise)) as sandbox:
            shipped = self.course.released
            return run_and_judge(sandbox, exercise, key, program.chunks, program.mode, shipped=shipped)

    def _judged(self, key: AnswerKey, result: ExerciseResult, notes: tuple[str, ...]) -> Judged:
        if self.course.released:
            # A student's tree has no points of hidden checks: right on all examples, or not.
            return Judged(result, float(result.verdict is Verdict.ACCEPTED), 1.0, 0.0, notes)
        return Judged(result, automatic_score(key, result), automatic_points(key), manual_points(key), notes)

    @contextmanager
    def _sandbox(self, needed: tuple[str, ...]) -> Iterator[Sandbox]:
        """A worker of one's own, for a while."""
        bench = self._free.get()
        try:
            if needed not in bench:
                sandbox = self._stack.enter_context(Sandbox(needed))
                # Before it is kept: the next submission would find it there and run in it.
                if self.course.isolation == "required" and not self.course.released:
                    require(sandbox.start().layers)
                bench[needed] = sandbox
            yield bench[needed]
        finally:
            self._free.put(bench)
