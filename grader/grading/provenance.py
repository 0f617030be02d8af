"""What a result depends on: the exact grader, the key, the course's limits, and what isolated the program."""

from __future__ import annotations

import functools
import hashlib
import platform
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec.structs import asdict

import grader
from grader.reports.report import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.model import Course, Exercise

__all__ = ["exact_version", "hash_of_files", "provenance", "torch_version"]

_SHOWN = 12
"""How many digits of the hash tell two versions of the sources apart."""


@functools.cache
def exact_version() -> str:
    """The version, and a hash of the package's sources, its pages included: reports of two commits differ."""
    root = Path(grader.__file__).parent
    return f"{grader.__version__}+{hash_of_files(root, (*root.rglob('*.py'), *root.rglob('*.html')))[:_SHOWN]}"


def hash_of_files(root: Path, paths: Iterable[Path]) -> str:
    """A hash of what files hold and what they are called below a folder. Raises OSError where one cannot be read."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(f"{path.relative_to(root).as_posix()}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


@functools.cache
def torch_version() -> str:
    """The version of torch, which takes too long to import for it; empty where there is none."""
    from importlib import metadata  # noqa: PLC0415  a student's own check asks for no version, and waits for what it imports

    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return ""


def provenance(course: Course, exercise: Exercise, key: str, layers: Iterable[str]) -> Provenance:
    """What the result of an exercise depends on; `key` is the digest of its key, empty where none could be compiled."""
    return Provenance(
        seed=course.seed, key=key, grader=exact_version(),
        python=platform.python_version(), numpy=np.__version__,
        torch=torch_version() if exercise.framework == "torch" else "",
        isolation=tuple(layers), limits=asdict(exercise.limits),
    )  # fmt: skip
