"""What students handed in: finding it in a folder, of which nothing is trusted."""

from __future__ import annotations

import stat
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.errors import UsageError, did_you_mean
from grader.submissions.files import read_file

if TYPE_CHECKING:
    import os
    from collections.abc import Collection, Iterable, Iterator
    from pathlib import Path

    from grader.course.model import Course, Exercise

__all__ = ["Submission", "find_submissions"]

MAX_TIMESTAMP = 4096
MAX_LISTED = 10
"""How many unknown files of one student a notice names."""

_LAYOUT = "<student>/<assignment>/<exercise>.py"
_TIMESTAMP = "timestamp.txt"


@dataclass(frozen=True, slots=True)
class Submission:
    """One student's answer to one exercise; `path` is None and `submitted_at` empty where nothing was handed in."""

    student: str
    assignment: str
    exercise: str
    path: Path | None
    submitted_at: str

    @property
    def notebook(self) -> bool:
        """Whether the file is a notebook, for this exercise or the whole assignment."""
        return self.path is not None and self.path.suffix == ".ipynb"

    @property
    def shared(self) -> bool:
        """Whether the file is a notebook for the whole assignment, which may leave exercises out."""
        return (
            self.path is not None and self.path.name == f"{self.assignment}.ipynb" and self.assignment != self.exercise
        )


def find_submissions(
    submitted: Path, course: Course, students: Collection[str] = (), *, whole: Course | None = None
) -> tuple[tuple[Submission, ...], tuple[str, ...]]:
    """One submission per student and exercise of `course`, sorted by student, then in course order; and notices.

    Of all students, or of those named. `whole` is the course before a selection: what belongs to an exercise that was not selected is no stranger.
    A notice is a line for the person who runs this, about what was found but not used. Nothing is read but
    timestamps, and no symlink inside `submitted` is followed. Raises UsageError where there is no such folder, no
    student in it, or not one of those named.
    """
    whole = whole or course
    folders, refused = _students(submitted, whole)
    for student in students:
        if student not in folders:
            near = did_you_mean(student, folders)
            why = refused.get(
                student, f"there is no student {student!r} in {submitted}, which has {len(folders)}{near}"
            )
            raise UsageError(why)
    if students:
        folders, refused = {student: folders[student] for student in students}, {}
    found = [each for name in sorted(folders) for each in _of_student(name, folders[name], course, whole)]
    notices = (*refused.values(), *(each for each in found if isinstance(each, str)))
    return tuple(each for each in found if isinstance(each, Submission)), notices


def _students(submitted: Path, whole: Course) -> tuple[dict[str, Path], dict[str, str]]:
    """The folders of the students, and a notice for everything beside them, by name."""
    children, problem = _children(submitted)
    if problem:
        raise UsageError(f"{submitted} cannot be read ({problem}); name a folder that holds {_LAYOUT}")
    inside = {name for name, status in children.items() if stat.S_ISDIR(status.st_mode)}
    if any(assignment.id in inside for assignment in whole.assignments):
        submitted = submitted.resolve()
        folders = {submitted.name: submitted}
        refused = {}
    else:
        folders = {name: submitted / name for name in inside}
        refused = {
            name: f"{name!r} is a symlink, which is not followed"
            if stat.S_ISLNK(status.st_mode)
            else f"{name!r} is not in a student's folder"
            for name, status in children.items()
            if name not in folders
        }
    for name in list(folders):
        # Such a name would break a line of the table, or cannot be written in UTF-8.
        if not name or any(unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"} for character in name):
            refused[name] = f"{name!r} is no name for a student; rename the folder"
            del folders[name]
    if not folders:
        raise UsageError("\n".join([f"{submitted} holds no student's folder; expected {_LAYOUT}", *refused.values()]))
    return folders, refused


def _of_student(student: str, folder: Path, course: Course, whole: Course) -> Iterator[Submission | str]:
    """One student's submissions, in course order, and notices."""
    top, problem = _children(folder)
    if problem:
        yield f"{student}: the folder cannot be read ({problem})"
    assignments = {assignment.id: assignment.exercises for assignment in whole.assignments}
    homes = {name: f"{each.assignment}/{name}" for each in whole.exercises() for name in _files(each)}
    strangers = [
        f"{name!r}{_hint(name, (f'{each}/' for each in assignments), homes)}" for name in top if name not in assignments
    ]
    for assignment in course.assignments:
        home = folder / assignment.id
        files: dict[str, os.stat_result] = {}
        if assignment.id in top:
            mode = top[assignment.id].st_mode
            if stat.S_ISDIR(mode):
                files, problem = _children(home)
            else:
                problem = "a symlink is not followed" if stat.S_ISLNK(mode) else "it is not a folder"
            if problem:
                yield f"{student}: {assignment.id} cannot be read ({problem})"
        timestamp = _timestamp(home / _TIMESTAMP) if files else ""
        for exercise in assignment.exercises:
            yield from _of_exercise(student, home, exercise, files, timestamp)
        known = {name for each in assignments[assignment.id] for name in (*_files(each), f"{each.id}.examples.json")}
        strangers += [
            f"{f'{assignment.id}/{name}'!r}{_hint(name, known, homes)}" for name in files if name not in known
        ]
    if strangers:
        more = [f"and {len(strangers) - MAX_LISTED} more"] if len(strangers) > MAX_LISTED else []
        yield f"{student}: of no known exercise: {', '.join(strangers[:MAX_LISTED] + more)}"


def _of_exercise(
    student: str, home: Path, exercise: Exercise, files: dict[str, os.stat_result], timestamp: str
) -> Iterator[Submission | str]:
    """One submission, and a notice where it was handed in more than once."""
    names = [name for name in _files(exercise) if name in files]
    if not names:
        yield Submission(student, exercise.assignment, exercise.id, None, "")
        return
    submitted_at = timestamp or _modified(files[names[0]])
    yield Submission(student, exercise.assignment, exercise.id, home / names[0], submitted_at)
    if names[1:]:
        yield f"{student}: {exercise.assignment}/{names[0]} is graded, not {' or '.join(names[1:])} beside it"


def _files(exercise: Exercise) -> tuple[str, ...]:
    """The names under which an exercise may be handed in, the first of them wins."""
    return tuple(dict.fromkeys((f"{exercise.id}.py", f"{exercise.id}.ipynb", f"{exercise.assignment}.ipynb")))


def _hint(name: str, known: Iterable[str], homes: dict[str, str]) -> str:
    """Where a file of no known exercise may belong."""
    if name in homes:
        return f" (it belongs at {homes[name]})"
    near = did_you_mean(name, known).removeprefix("; ")
    return f" ({near})" if near else ""


def _children(folder: Path) -> tuple[dict[str, os.stat_result], str]:
    """What a folder holds, sorted by name, less what tools leave behind; or why it cannot be read."""
    try:
        return {path.name: path.lstat() for path in sorted(folder.iterdir()) if not _is_ignored(path.name)}, ""
    except OSError as error:
        return {}, error.strerror or str(error)


def _is_ignored(name: str) -> bool:
    return name.startswith(".") or name in {"__pycache__", _TIMESTAMP} or name.endswith(".pyc")


def _timestamp(path: Path) -> str:
    """The moment that nbgrader wrote down, in UTC; empty where there is none that can be read."""
    try:
        data = read_file(path, MAX_TIMESTAMP)
        text = "" if len(data) > MAX_TIMESTAMP else data.decode().strip()
        text = text.removesuffix("UTC").removesuffix("GMT").rstrip()
        before, _, offset = text.rpartition(" ")
        moment = datetime.fromisoformat(before.rstrip() + offset if offset.startswith(("+", "-")) else text)
        # nbgrader takes a time without a zone for UTC.
        return _iso(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (OSError, ValueError, OverflowError):
        return ""


def _modified(status: os.stat_result) -> str:
    """When a file was last written, in UTC; empty for a time beyond the calendar, which a file may well claim."""
    try:
        return _iso(datetime.fromtimestamp(status.st_mtime, UTC))
    except (OSError, ValueError, OverflowError):
        return ""


def _iso(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
