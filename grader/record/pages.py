"""What students' pages tell beside the reports: tasks and hints out of the course, answers out of the record."""

from __future__ import annotations

import ast
import hashlib
from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from grader.building.picture import in_markdown
from grader.building.reference import read_reference, task_and_code
from grader.errors import CourseError, UsageError
from grader.grading.keys import load_examples
from grader.record.stored import data_of, source_in
from grader.reports.about import About, AboutExercise
from grader.submissions.cells import answers, is_released
from grader.submissions.program import Source
from grader.syntax import parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.record.record import Record
    from grader.record.rows import Entry
    from grader.submissions.program import Refusal
    from grader.submissions.submission import By
    from grader.wire.messages import Chunk

__all__ = ["Pages", "Told", "about_exercise"]

_WORDS: Mapping[By, str] = {
    "timestamp": "by its timestamp.txt", "student": "by its commit", "download": "by the time in the download",
    "canvas": "by the time in the download", "folder": "by the file's own time", "file": "by the file's own time",
}  # fmt: skip
"""By whose word something was handed in when it was; nothing is said of a service, which received it."""


class Told:
    """What the course tells its students, on any page. A task is read once, and when it is asked for."""

    def __init__(self, course: Course) -> None:
        """Read nothing yet."""
        self._course = course
        self._exercises = {exercise.id: exercise for exercise in course.exercises()}
        self._titles = {assignment.id: assignment.title for assignment in course.assignments}
        self._given = cache(self._read)

    @property
    def state(self) -> str:
        """A hash of all that the course says on its pages: where it has changed, they are made again."""
        found = hashlib.sha256(repr(self._titles).encode())
        for exercise in self._exercises.values():
            for path in (self._course.stub(exercise), self._course.examples(exercise), self._course.picture(exercise)):
                found.update(hashlib.sha256(_bytes(path)).digest())
        return found.hexdigest()

    def title(self, assignment: str) -> str:
        """The title of an assignment; its name where the course no longer has it."""
        return self._titles.get(assignment) or assignment

    def of(self, exercise: str) -> AboutExercise:
        """What is told of an exercise to whoever handed nothing in."""
        return self._given(exercise)[0]

    def with_answer(self, exercise: str, file: str, cells: Iterable[Chunk], *, alone: bool) -> AboutExercise:
        """What is told of an exercise and an answer to it; `alone`, all that was handed in is for this exercise."""
        about, names = self._given(exercise)
        written = tuple(each for each in cells if not is_released(each))
        own = (cell.name for cell in written if alone or answers(cell, exercise, names))
        return replace(about, file=file, answer=written, own=frozenset(own))

    def _read(self, name: str) -> tuple[AboutExercise, tuple[str, ...]]:
        """What the course gives to students on an exercise, and the names that its answer defines."""
        exercise = self._exercises.get(name)
        if exercise is None:
            return AboutExercise(title=name), ()
        path = self._course.stub(exercise)
        try:
            stub, picture = read_reference(path), _bytes(self._course.picture(exercise)).decode()
            about = about_exercise(name, stub, path, self._hints(exercise), picture)
        except (CourseError, SyntaxError, ValueError):
            return AboutExercise(title=name), ()
        return about, _defined(stub)

    def _hints(self, exercise: Exercise) -> tuple[str, ...]:
        try:
            return load_examples(self._course, exercise).hints
        except UsageError:
            return ()


class Pages:
    """What the pages of a record's students tell."""

    def __init__(self, record: Record, course: Course) -> None:
        """Read nothing yet."""
        self._record, self._told = record, Told(course)

    @property
    def state(self) -> str:
        """A hash of all that the course says on its pages."""
        return self._told.state

    def about(self, entries: Sequence[Entry]) -> About:
        """What the page on a student's answers to an assignment, one or more, tells beside the report on them."""
        assignment = entries[0].assignment
        notebooks: dict[str, Source | Refusal | None] = {}
        data = data_of(self._record, entries)
        exercises = {}
        for entry in entries:
            name = entry.content or ""
            source = notebooks.get(name) or source_in(data, entry)
            if isinstance(source, Source) and not source.alone:
                notebooks[name] = source  # which is the same for all of its exercises, and may be large
            exercises[entry.exercise] = self._with_answer(entry, source)
        last = max(entries, key=lambda each: each.submitted_at)
        return About(title=self._told.title(assignment), exercises=exercises, by=_WORDS.get(last.by, ""))

    def _with_answer(self, entry: Entry, source: Source | Refusal | None) -> AboutExercise:
        if not isinstance(source, Source):
            return self._told.of(entry.exercise)
        cells = (each.cell for each in source.cells)
        return self._told.with_answer(entry.exercise, entry.name, cells, alone=source.alone)


def about_exercise(exercise: str, stub: str, path: Path, hints: Iterable[str], picture: str) -> AboutExercise:
    """What students read of an exercise, out of its stub, which is in `path`.

    Raises CourseError for one without a task, SyntaxError, ValueError for a picture that is none.
    """
    from grader.building.typeset import titled, typeset  # noqa: PLC0415  slow to import, and a class with nothing new needs no page

    task, _ = task_and_code(stub, path)
    title, text = titled(task)
    html = typeset(text) + (in_markdown(picture) if picture else "")
    return AboutExercise(title=title or exercise, task=html, hints=tuple(map(typeset, hints)))


def _bytes(path: Path) -> bytes:
    """What a file holds; nothing where there is none."""
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _defined(code: str) -> tuple[str, ...]:
    body = parse(code).body
    return tuple(node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef))
