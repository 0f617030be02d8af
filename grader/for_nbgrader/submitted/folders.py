"""The folders of an assignment's submissions, and what is in each: listed by name, whatever characters that has."""

from __future__ import annotations

import fnmatch
import glob
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from nbgrader.coursedir import CourseDirectory

__all__ = ["Listing", "above_students", "listed", "other_files", "other_notebooks"]

_SUFFIX = ".ipynb"


class Listing(msgspec.Struct, frozen=True):
    """The submissions of an assignment: the notebooks of each folder; the folders that have none; those that have no name."""

    notebooks: dict[str, list[str]]
    empty: tuple[str, ...]
    nameless: tuple[str, ...]
    """nbgrader can neither match such a name nor keep it in its gradebook."""


def listed(coursedir: CourseDirectory) -> Listing:
    """The submissions of the course directory's assignment and students. nbgrader's own list takes a name for a pattern."""
    place = coursedir.format_path(coursedir.submitted_directory, coursedir.student_id, coursedir.assignment_id)
    notebooks: dict[str, list[str]] = {}
    empty, nameless = [], []
    for folder in [place] if os.path.lexists(place) else sorted(glob.glob(place)):  # noqa: PTH207  nbgrader's patterns
        names = sorted(_notebooks_in(Path(folder)), key=lambda name: not name.endswith(_SUFFIX))
        # Written in capitals a notebook goes by the name that it should have; `read_notebook` finds it.
        stems = dict.fromkeys(f"{name[: -len(_SUFFIX)]}{_SUFFIX}" for name in names)
        found = [
            os.path.join(folder, name)  # noqa: PTH118  as nbgrader has it
            for name in stems
            if fnmatch.fnmatchcase(name, coursedir.notebook_id + _SUFFIX)
        ]
        if "\n" in folder or not _is_text(folder):
            nameless.append(folder)
        elif found:
            notebooks[folder] = sorted(found)
        else:
            empty.append(folder)
    return Listing(notebooks, tuple(empty), tuple(nameless))


def _notebooks_in(folder: Path) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.lower().endswith(_SUFFIX)]  # noqa: PTH208  names, not paths
    except OSError:
        return []


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def above_students(coursedir: CourseDirectory, step: str) -> Path:
    """The folder under which everything is a student's: that of a step, or the course directory."""
    folder = Path(coursedir.root, step)
    return (
        folder if folder in Path(coursedir.format_path(step, "student", "assignment")).parents else Path(coursedir.root)
    )


def other_notebooks(folder: Path, released: Iterable[str]) -> tuple[str, ...]:
    """The names of the notebooks in a submission's folder that are none of the assignment's."""
    known = {f"{name}{_SUFFIX}" for name in released}
    return tuple(name for name in sorted(_notebooks_in(folder)) if f"{name[: -len(_SUFFIX)]}{_SUFFIX}" not in known)


def other_files(folder: Path, ignored: Sequence[str], largest: int) -> Iterator[tuple[Path, bool]]:
    """The files of a submission beside its notebooks, as nbgrader lists them, and whether each is one that may be copied.

    Not copied is what is no regular file, a link above all, or larger than `largest` bytes.
    """
    for inside, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not _matches(name, ignored)]
        for name in names:
            if not _matches(name, [*ignored, f"*{_SUFFIX}"]):
                path = Path(inside, name)
                try:
                    status = path.lstat()
                except OSError:
                    yield path, False
                else:
                    yield path, stat.S_ISREG(status.st_mode) and status.st_size <= largest


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
