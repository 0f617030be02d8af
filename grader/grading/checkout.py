"""What a course's answers are judged with on a machine: versions, and a hash of what is the course's own."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from grader.grading.attempt import missing_packages
from grader.grading.provenance import exact_version, hash_of_files, torch_version
from grader.submissions.files import is_left_behind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.course.model import Course

__all__ = ["Checkout", "checkout_of", "differences", "hash_of_solutions"]


class Checkout(msgspec.Struct, frozen=True):
    """Two machines with the same one make the same of an answer, as long as they isolate it alike."""

    grader: str
    python: str
    numpy: str
    torch: str
    """Empty where no exercise asks for it."""
    missing: tuple[str, ...]
    """The packages that exercises ask for and that are not installed."""
    course: str
    """A hash of course.yml and of what is in solutions/."""


def checkout_of(course: Course) -> Checkout:
    """What it is here. Raises OSError where a file of the course cannot be read."""
    exercises = course.exercises()
    own = hashlib.sha256((course.root / "course.yml").read_bytes() + hash_of_solutions(course).encode())
    return Checkout(
        exact_version(), platform.python_version(), np.__version__,
        torch_version() if any(each.framework == "torch" for each in exercises) else "",
        tuple(sorted({name for each in exercises for name in missing_packages(each)})),
        own.hexdigest(),
    )  # fmt: skip


def differences(there: Checkout, here: Checkout) -> Iterator[str]:
    """In which way another machine's differs from the run's."""
    for name in ("grader", "python", "numpy", "torch"):
        other, own = getattr(there, name), getattr(here, name)
        if other != own:
            yield f"{name} is {other or 'missing'} there and {own or 'missing'} here"
    if lacks := [name for name in there.missing if name not in here.missing]:
        yield f"{', '.join(lacks)} not installed there"
    if there.course != here.course:
        yield "course.yml or solutions/ are others there"


def hash_of_solutions(course: Course) -> str:
    """A hash of what is in solutions/: a checks file may import, or read, what is beside it."""
    root = course.root / "solutions"
    own = (path for path in root.rglob("*") if not any(map(is_left_behind, path.relative_to(root).parts)))
    return hash_of_files(root, filter(Path.is_file, own))
