"""A hand-out's course as it was read before: its course.yml stays the same for weeks, and reading it takes as long as a check."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import msgspec

import grader
from grader.course.model import Course
from grader.course.place import read_course_file
from grader.grading.kept import keep, kept, place_of

__all__ = ["course_in"]


class _Known(msgspec.Struct, frozen=True):
    """A course in plain types, and a hash of what it was read from."""

    state: str
    course: dict[str, Any]


def course_in(root: Path) -> Course:
    """The course in a folder. Only of a hand-out it is remembered: elsewhere what course.yml names is looked for, too.

    Raises CourseError with every problem in course.yml.
    """
    if (root / "solutions").is_dir():
        return _read(root)
    state, place = _state(read_course_file(root)), place_of("course", "read", root)
    known = kept(place, _Known)
    if known is not None and known.state == state:
        return msgspec.convert(known.course | {"root": str(root)}, Course, dec_hook=lambda of, text: of(text))
    course = _read(root)
    keep(place, _Known(state, msgspec.to_builtins(course, enc_hook=str)))
    return course


def _read(root: Path) -> Course:
    from grader.course.course_yml import load_course  # noqa: PLC0415  what it imports is what takes long

    return load_course(root)


def _state(data: bytes) -> str:
    """A hash of a course.yml, and of what reads it."""
    with os.scandir(Path(grader.__file__).with_name("course")) as files:
        readers = sorted((file.name, file.stat().st_size, file.stat().st_mtime_ns) for file in files if file.is_file())
    return hashlib.sha256(msgspec.msgpack.encode((grader.__version__, readers, data))).hexdigest()
