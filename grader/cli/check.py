"""A student's own check: stubs, notebooks or folders against the public examples that came with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError, did_you_mean
from grader.grading.attempt import Attempt, attempt, packages
from grader.grading.keys import load_examples
from grader.sandbox.sandbox import Sandbox
from grader.submissions.find import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.judging.answer_key import AnswerKey

__all__ = ["choose", "practise"]


def choose(course: Course, paths: Sequence[Path]) -> list[tuple[Exercise, Path]]:
    """Which exercise each file answers; without paths, every exercise's own stub. Raises UsageError."""
    if not paths:
        return [(exercise, course.stub(exercise)) for exercise in course.exercises()]
    chosen = [pair for path in paths for pair in _of_path(course, path)]
    return list(dict.fromkeys(chosen))


def _of_path(course: Course, path: Path) -> list[tuple[Exercise, Path]]:
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in {".py", ".ipynb"} and file.is_file())
        order = {exercise: index for index, exercise in enumerate(course.exercises())}
        found = [(exercise, file) for file in files for exercise in _answered(course, file)]
        if not found:
            raise UsageError(
                f"{path} holds no exercise of this course; name a file such as {course.exercises()[0].id}.py"
            )
        return sorted(found, key=lambda pair: order[pair[0]])
    if not path.exists():
        raise UsageError(f"{path} does not exist; name a file or folder, or nothing for all exercises")
    answered = _answered(course, path)
    if not answered:
        known = [exercise.id for exercise in course.exercises()]
        raise UsageError(
            f"{path.name} is no exercise of this course{did_you_mean(path.stem, known)}; keep the stub's file name"
        )
    return [(exercise, path) for exercise in answered]


def _answered(course: Course, file: Path) -> list[Exercise]:
    """The exercise of a file's name, or all of an assignment's for its notebook."""
    return [
        exercise
        for exercise in course.exercises()
        if file.stem == exercise.id or (file.suffix == ".ipynb" and file.stem == exercise.assignment)
    ]


def practise(
    course: Course, chosen: Sequence[tuple[Exercise, Path]], *, fork: bool
) -> Iterator[tuple[AnswerKey, Attempt, tuple[str, ...]]]:
    """The examples, the attempt, and the layers of isolation it ran under, for each file. Raises UsageError."""
    for exercise, path in chosen:
        key = load_examples(course, exercise)
        file = path if path.exists() else None
        with Sandbox(packages(exercise), fork=fork) as sandbox:
            submission = Submission("", exercise.assignment, exercise.id, file, "")
            yield key, attempt(sandbox, exercise, key, submission, shipped=True), sandbox.layers
