"""Which exercises of a student's tree are meant, and which file answers each: by id, file, folder or assignment."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from grader.errors import UsageError, did_you_mean
from grader.submissions.answers import Reading, file_names
from grader.submissions.answers import choose as choose_file
from grader.submissions.files import is_left_behind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.course.model import Course, Exercise
    from grader.grading.keys import Keys

__all__ = ["Chosen", "answer_to", "choose", "exercises_named"]

_NAME_ONE = "; name one by its id, which is its file's name without .py, by its file, or by its folder"


class Chosen(msgspec.Struct, frozen=True):
    """An exercise that is meant, the file that answers it, and the others that were worked on as well."""

    exercise: Exercise
    path: Path
    beside: tuple[Path, ...] = ()
    waits: bool = False
    """Whether it was named among others, or not at all, and nobody has written an answer yet."""


def exercises_named(course: Course, name: str) -> tuple[Exercise, ...]:
    """The exercises that a word means: an id of one or of an assignment, or a file or folder of that name.

    Raises UsageError for a word that means none.
    """
    path = Path(name)
    words = {path.name, path.stem}
    found = tuple(exercise for exercise in course.exercises() if exercise.id in words)
    found = found or tuple(exercise for exercise in course.exercises() if exercise.assignment in words)
    if not found:
        near = did_you_mean(path.stem, [exercise.id for exercise in course.exercises()])
        raise UsageError(f"{name} is no exercise of this course{near or _NAME_ONE}")
    return found


def choose(course: Course, keys: Keys, paths: Sequence[Path]) -> list[Chosen]:
    """Which file answers each exercise, in the folders and files named or of the ids; without any, in the whole tree.

    Of several in a folder the one that was worked on is chosen, as for a grade. What is named twice is chosen once.
    Raises UsageError.
    """
    choosing = _Choosing(course, keys)
    found = (
        [each for path in paths for each in choosing.of_path(path)] if paths else choosing.of_all(course.exercises())
    )
    chosen: dict[tuple[str, Path], Chosen] = {}
    for each in found:
        place = each.exercise.id, each.path.resolve()
        if place not in chosen or not each.waits:
            chosen[place] = each
    return list(chosen.values())


def answer_to(course: Course, keys: Keys, exercise: Exercise) -> Chosen:
    """The file that answers one exercise in its own folder, or waits for an answer there."""
    return _Choosing(course, keys).in_its_folder(exercise, alone=False)


class _Choosing:
    """One choice, which reads each file once."""

    def __init__(self, course: Course, keys: Keys) -> None:
        self._course, self._keys, self._reading = course, keys, Reading()

    def of_path(self, path: Path) -> list[Chosen]:
        if path.is_dir():
            return self._of_folder(path)
        if not path.exists():
            if path.name != str(path) or path.suffix:
                raise UsageError(f"{path} does not exist{_NAME_ONE}; or nothing for all exercises")
            return self.of_all(exercises_named(self._course, str(path)))
        answered = [exercise for exercise in self._course.exercises() if _answers(path, exercise)]
        if not answered:
            known = [exercise.id for exercise in self._course.exercises()]
            raise UsageError(
                f"{path.name} is no exercise of this course: keep the stub's file name{did_you_mean(path.stem, known)}"
            )
        return [self._of_files(exercise, [path], alone=len(answered) == 1) for exercise in answered]

    def _of_folder(self, folder: Path) -> list[Chosen]:
        files = [file for file in sorted(folder.rglob("*")) if _is_program(file.relative_to(folder)) and file.is_file()]
        found = {
            exercise: [file for file in files if _answers(file, exercise)] for exercise in self._course.exercises()
        }
        answered = {exercise: _ranked(exercise, answers) for exercise, answers in found.items() if answers}
        if not answered:
            one = self._course.exercises()[0].id
            raise UsageError(f"{folder} holds no exercise of this course; name a file such as {one}.py")
        return [self._of_files(each, answers, alone=len(answered) == 1) for each, answers in answered.items()]

    def of_all(self, exercises: Sequence[Exercise]) -> list[Chosen]:
        return [self.in_its_folder(exercise, alone=len(exercises) == 1) for exercise in exercises]

    def in_its_folder(self, exercise: Exercise, *, alone: bool) -> Chosen:
        folder = self._course.stub(exercise).parent
        files = [path for name in file_names(exercise) if (path := folder / name).exists()]
        return self._of_files(exercise, files, alone=alone)

    def _of_files(self, exercise: Exercise, files: Sequence[Path], *, alone: bool) -> Chosen:
        """One of an exercise's files; the stub, where it has none. What is named alone is tried, whatever is in it."""
        names = () if alone and len(files) <= 1 else self._keys.of(exercise).functions or (exercise.id,)
        choice = choose_file(exercise, files, names, self._reading)
        path = choice.path or self._course.stub(exercise)
        waits = not alone and not (files and self._reading.worked_on(path, exercise, names))
        return Chosen(exercise, path, choice.beside, waits)


def _is_program(path: Path) -> bool:
    return path.suffix in {".py", ".ipynb"} and not any(map(is_left_behind, path.parts))


def _answers(file: Path, exercise: Exercise) -> bool:
    """Whether a file's name is the exercise's, or it is the notebook of its assignment."""
    return file.stem == exercise.id or (file.suffix == ".ipynb" and file.stem == exercise.assignment)


def _ranked(exercise: Exercise, files: Sequence[Path]) -> list[Path]:
    """The files in the order in which they are preferred: first those in the assignment's folder."""
    order = {name: rank for rank, name in enumerate(file_names(exercise))}
    return sorted(files, key=lambda file: (order.get(file.name, len(order)), file.parent.name != exercise.assignment))
