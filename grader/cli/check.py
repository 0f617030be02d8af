"""A student's own check: stubs, notebooks or folders against the public examples that came with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import UsageError, did_you_mean
from grader.grading.attempt import Attempt, attempt, packages
from grader.grading.keys import load_examples
from grader.sandbox.sandbox import Sandbox
from grader.submissions.answers import Reading, file_names
from grader.submissions.answers import choose as choose_file
from grader.submissions.files import is_left_behind
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.judging.answer_key import AnswerKey

__all__ = ["Chosen", "choose", "practise"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The file that is checked for an exercise, and the others that were worked on as well."""

    exercise: Exercise
    path: Path
    beside: tuple[Path, ...] = ()


def choose(course: Course, paths: Sequence[Path]) -> list[Chosen]:
    """Which file answers each exercise, in the folders and files named; without paths, in the whole tree.

    Of several in a folder the one that was worked on is chosen, as for a grade. Raises UsageError.
    """
    if not paths:
        return [_in_its_folder(course, exercise) for exercise in course.exercises()]
    return list(dict.fromkeys(each for path in paths for each in _of_path(course, path)))


def _in_its_folder(course: Course, exercise: Exercise) -> Chosen:
    stub = course.stub(exercise)
    return _of_files(course, exercise, [path for name in file_names(exercise) if (path := stub.parent / name).exists()])


def _of_files(course: Course, exercise: Exercise, files: Sequence[Path]) -> Chosen:
    """One of an exercise's files; the stub, where it has none."""
    if not files:
        return Chosen(exercise, course.stub(exercise))
    names = load_examples(course, exercise).functions if len(files) > 1 else ()
    choice = choose_file(exercise, files, names, Reading())
    return Chosen(exercise, choice.path or files[0], choice.beside)


def _of_path(course: Course, path: Path) -> list[Chosen]:
    if path.is_dir():
        files = [file for file in sorted(path.rglob("*")) if _is_program(file.relative_to(path)) and file.is_file()]
        found = [(exercise, [file for file in files if _answers(file, exercise)]) for exercise in course.exercises()]
        if not any(answers for _, answers in found):
            raise UsageError(
                f"{path} holds no exercise of this course; name a file such as {course.exercises()[0].id}.py"
            )
        return [_of_files(course, exercise, _ranked(exercise, answers)) for exercise, answers in found if answers]
    if not path.exists():
        raise UsageError(f"{path} does not exist; name a file or folder, or nothing for all exercises")
    answered = [exercise for exercise in course.exercises() if _answers(path, exercise)]
    if not answered:
        known = [exercise.id for exercise in course.exercises()]
        raise UsageError(
            f"{path.name} is no exercise of this course{did_you_mean(path.stem, known)}; keep the stub's file name"
        )
    return [Chosen(exercise, path) for exercise in answered]


def _is_program(path: Path) -> bool:
    return path.suffix in {".py", ".ipynb"} and not any(map(is_left_behind, path.parts))


def _answers(file: Path, exercise: Exercise) -> bool:
    """Whether a file's name is the exercise's, or it is the notebook of its assignment."""
    return file.stem == exercise.id or (file.suffix == ".ipynb" and file.stem == exercise.assignment)


def _ranked(exercise: Exercise, files: Sequence[Path]) -> list[Path]:
    """The files in the order in which they are preferred: first those in the assignment's folder."""
    order = {name: rank for rank, name in enumerate(file_names(exercise))}
    return sorted(files, key=lambda file: (order.get(file.name, len(order)), file.parent.name != exercise.assignment))


def practise(
    course: Course, chosen: Sequence[Chosen], *, fork: bool
) -> Iterator[tuple[AnswerKey, Attempt, tuple[str, ...]]]:
    """The examples, the attempt, and the layers of isolation it ran under, for each file. Raises UsageError."""
    for each in chosen:
        exercise, path = each.exercise, each.path
        key = load_examples(course, exercise)
        file = path if path.exists() else None
        with Sandbox(packages(exercise), fork=fork) as sandbox:
            submission = Submission("", exercise.assignment, exercise.id, file, "")
            yield key, attempt(sandbox, exercise, key, submission, shipped=True), sandbox.layers
