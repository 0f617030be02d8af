"""`grader hint`: one hint at a time."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from repository import course_text, write_course

if TYPE_CHECKING:
    from pathlib import Path


def test_hints_come_one_at_a_time(run, course: Path, tmp_path: Path) -> None:
    """From the first to the last, which then stays; without hints there is a sentence."""
    checks = course / "solutions" / "jacobians" / "manual_jacobian_checks.py"
    text = re.sub(r"^hints = \[.*?^\]\n", "", checks.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    checks.write_text(text + '\nhints = ["look at rows", "look at columns"]\n', encoding="utf-8")
    shapes = course / "solutions" / "shapes" / "predict_jacobian_shapes_checks.py"
    shapes.write_text(shapes.read_text(encoding="utf-8") + "\nhints = []\n", encoding="utf-8")
    tree = tmp_path / "tree"
    run("--course", course, "release", tree)
    shown = [run("--course", tree, "hint", "manual_jacobian").out for _ in range(3)]
    assert shown == [
        "manual_jacobian, hint 1 of 2: look at rows\n",
        "manual_jacobian, hint 2 of 2: look at columns\n",
        "manual_jacobian, hint 2 of 2: look at columns\n",
    ]
    assert json.loads(run("--course", tree, "hint", "manual_jacobian", "--json").out)["total"] == 2
    assert "there is no hint" in run("--course", tree, "hint", "predict_jacobian_shapes").out
    assert run("--course", tree, "hint", "manual_jacobain").code == 2


@pytest.mark.parametrize(
    "named", ["manual_jacobian", "jacobians/manual_jacobian.py", "manual_jacobian.ipynb", "jacobians"]
)
def test_an_exercise_is_named_by_its_id_its_file_or_an_assignment_that_has_it_alone(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    run("--course", course, "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    assert run("hint", named).out.startswith("manual_jacobian, hint 1 of ")


def test_of_several_exercises_one_is_asked_for(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = course_text("jacobians/manual_jacobian", "jacobians/linear_layer_jacobian")
    run("--course", write_course(tmp_path / "course", text), "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    ran = run("hint", "jacobians/jacobians.ipynb")
    assert ran.code == 2
    assert "name the one that you want a hint for: manual_jacobian, linear_layer_jacobian" in ran.err


def test_a_misspelt_id_is_told_the_one_that_was_meant_and_not_all(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--course", course, "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    ran = run("hint", "manual_jacobain")
    assert ran.err == "grader: manual_jacobain is no exercise of this course; did you mean 'manual_jacobian'?\n"
