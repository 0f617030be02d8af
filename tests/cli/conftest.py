"""The command, run in this process, and a small course with a class to run it on."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from repository import write_course

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COURSE = """\
title: A small course
seed: 1
limits: {cpu_seconds: 1, wall_seconds: 1}
assignments:
  - id: jacobians
    title: Jacobians
    exercises: [manual_jacobian]
  - id: shapes
    title: Shapes
    exercises: [predict_jacobian_shapes]
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with two of the real exercises."""
    return write_course(tmp_path / "course", COURSE)


@pytest.fixture
def submitted(tmp_path: Path):
    """Write what a student hands in: `submitted("alice", manual_jacobian=source)`; gives the class's folder."""
    assignments = {"manual_jacobian": "jacobians", "predict_jacobian_shapes": "shapes"}

    def write(student: str, **sources: str | bytes) -> Path:
        folder = tmp_path / "submitted" / student
        folder.mkdir(parents=True, exist_ok=True)
        for exercise, source in sources.items():
            path = folder / assignments[exercise] / f"{exercise}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(source if isinstance(source, bytes) else source.encode())
        return tmp_path / "submitted"

    return write


@pytest.fixture
def grades() -> Callable[[Path], dict[tuple[str, str], dict[str, str]]]:
    """Read the grades.csv of a folder: its lines, by student and exercise."""

    def read(out: Path) -> dict[tuple[str, str], dict[str, str]]:
        with (out / "grades.csv").open(encoding="utf-8", newline="") as file:
            return {(line["student"], line["exercise"]): line for line in csv.DictReader(file)}

    return read
