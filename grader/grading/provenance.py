"""What a result depends on: the exact grader, the key, the course's limits, and what isolated the program."""

from __future__ import annotations

import functools
import hashlib
import platform
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import grader
from grader.judging.answer_key import digest
from grader.reports.report import Provenance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.course.model import Course, Exercise
    from grader.judging.answer_key import AnswerKey

__all__ = ["exact_version", "provenance"]

_SHOWN = 12
"""How many digits of the hash tell two versions of the sources apart."""


@functools.cache
def exact_version() -> str:
    """The version, and a hash of the package's sources: reports of two commits differ."""
    root = Path(grader.__file__).parent
    found = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        found.update(f"{path.relative_to(root).as_posix()}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{grader.__version__}+{found.hexdigest()[:_SHOWN]}"


def provenance(course: Course, exercise: Exercise, key: AnswerKey | None, layers: Iterable[str]) -> Provenance:
    """What the result of an exercise depends on; no `key` where none could be compiled."""
    return Provenance(
        seed=course.seed, key=digest(key) if key else "", grader=exact_version(),
        python=platform.python_version(), numpy=np.__version__, isolation=tuple(layers),
        limits=asdict(exercise.limits),
    )  # fmt: skip
