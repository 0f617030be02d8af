"""What the tests of several modules start from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.course.course_yml import load_course

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.course.model import Course

COURSE_YML = """\
title: Calculus
seed: 7
assignments:
  - id: jacobians
    title: Jacobians by hand
    exercises: [manual_jacobian, sigmoid_grad]
  - id: backprop
    title: Backpropagation
    exercises: [backprop_batch]
"""
FILES = ("jacobians/manual_jacobian", "jacobians/sigmoid_grad", "backprop/backprop_batch")


@pytest.fixture
def make_course(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a course folder and gives its root; `files` are its exercises' paths in solutions/."""

    def make(text: str | bytes = COURSE_YML, files: tuple[str, ...] = FILES) -> Path:
        root = tmp_path / "course"
        root.mkdir(exist_ok=True)
        (root / "course.yml").write_bytes(text if isinstance(text, bytes) else text.encode())
        for file in files:
            path = root / "solutions" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".py").touch()
            path.with_name(f"{path.name}_checks.py").touch()
        return root

    return make


@pytest.fixture
def course(make_course: Callable[..., Path]) -> Course:
    """Two assignments: jacobians (manual_jacobian, sigmoid_grad) and backprop (backprop_batch)."""
    return load_course(make_course())
