"""`grader check`: a student's own check, in the students' tree."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

SAMPLE = Path(__file__).parents[1] / "classes" / "sample" / "submitted"
RIGHT = (SAMPLE / "right-loops" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")
TRANSPOSED = (SAMPLE / "transposed" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")


def test_a_student_checks_without_the_solutions(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`grader check` works in the released tree alone; exit code 1 until every answer is accepted."""
    tree = tmp_path / "tree"
    assert run("--course", course, "release", tree).code == 0
    shutil.rmtree(course)
    monkeypatch.chdir(tree)
    ran = run("check")
    assert ran.code == 1
    assert "manual_jacobian  NOT_ATTEMPTED" in ran.out
    (tree / "jacobians" / "manual_jacobian.py").write_text(TRANSPOSED)
    ran = run("check", "jacobians/manual_jacobian.py")
    assert ran.code == 1
    assert "manual_jacobian(x=1.0, y=2.0):" in ran.out
    (tree / "jacobians" / "manual_jacobian.py").write_text(
        RIGHT.replace("\n    ", "\n    print('\\x1b[2Jhello')\n    ", 1)
    )
    ran = run("check", "jacobians/manual_jacobian.py")
    assert ran.code == 0
    assert "?[2Jhello" in ran.out
    assert "\x1b" not in ran.out
    found = json.loads(run("check", "jacobians", "--json").out)
    assert [exercise["verdict"] for exercise in found["exercises"]] == ["ACCEPTED"]


def test_check_works_without_fork_and_says_so(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a process cannot fork, each program gets a plain process."""
    tree = tmp_path / "tree"
    run("--course", course, "release", tree)
    (tree / "jacobians" / "manual_jacobian.py").write_text(RIGHT)
    monkeypatch.delattr(os, "fork")
    ran = run("check", tree / "jacobians" / "manual_jacobian.py")
    assert ran.code == 0
    assert "cannot fork" in ran.err


def test_check_names_what_it_does_not_know(run, course: Path, tmp_path: Path) -> None:
    """A file of another name, a folder without exercises, damaged examples, and commands that need the whole course."""
    tree = tmp_path / "tree"
    run("--course", course, "release", tree)
    (tree / "jacobians" / "manual_jacobian2.py").write_text(RIGHT)
    ran = run("check", tree / "jacobians" / "manual_jacobian2.py")
    assert (ran.code, "did you mean 'manual_jacobian'?" in ran.err) == (2, True)
    (tmp_path / "tree" / "other").mkdir()
    ran = run("check", tree / "other")
    assert (ran.code, "holds no exercise of this course" in ran.err) == (2, True)
    (tree / "jacobians" / "manual_jacobian.examples.json").write_text("{")
    ran = run("check", tree / "jacobians" / "manual_jacobian.py")
    assert (ran.code, "get the exercises again" in ran.err) == (2, True)
    ran = run("--course", tree, "grade", tree)
    assert (ran.code, "is a student's tree, without solutions/" in ran.err) == (2, True)
