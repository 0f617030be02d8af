"""`grader hint`: one hint at a time."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from repository import course_text, reference, write_course


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


@pytest.mark.slow
def test_of_several_the_first_that_is_not_right_gets_a_hint(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an assignment, a folder or a notebook of several, and of all where none is named."""
    text = course_text("jacobians/manual_jacobian", "jacobians/linear_layer_jacobian")
    run("--course", write_course(tmp_path / "course", text), "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    several: tuple[list[str], ...] = ([], ["jacobians"], ["."], ["jacobians/jacobians.ipynb"])
    assert {run("hint", *named, "--number", 1).out[:23] for named in several} == {"manual_jacobian, hint 1"}
    Path("jacobians/manual_jacobian.py").write_text(reference("jacobians/manual_jacobian"))
    assert run("check", "manual_jacobian").code == 0
    assert {run("hint", *named, "--number", 1).out[:29] for named in several} == {"linear_layer_jacobian, hint 1"}


@pytest.mark.slow
def test_a_hint_is_for_what_status_calls_next_which_is_what_was_tried(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before what nobody has worked on, though that comes first in the course."""
    text = course_text("jacobians/manual_jacobian", "jacobians/linear_layer_jacobian")
    run("--course", write_course(tmp_path / "course", text), "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    Path("jacobians/linear_layer_jacobian.py").write_text("def linear_layer_jacobian(W, b, x):\n    return W.T\n")
    assert "Next: linear_layer_jacobian, in" in run("status").out
    assert run("hint").out.startswith("linear_layer_jacobian, hint 1 of ")


def test_a_hint_can_be_read_again_and_without_a_memory_by_its_number(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A home that cannot be written to costs the memory alone."""
    run("--course", course, "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    first, second = (run("hint", "manual_jacobian").out for _ in range(2))
    assert (run("hint", "manual_jacobian", "--number", 1).out, run("hint", "manual_jacobian").out[:23]) == (
        first, "manual_jacobian, hint 3",
    )  # fmt: skip
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert [run("hint", "manual_jacobian").out for _ in range(2)] == [first, first]
    assert run("hint", "manual_jacobian", "--number", 2).out == second
    beyond = run("hint", "manual_jacobian", "--number", 99)
    assert beyond.out.startswith("manual_jacobian, hint 3 of 3")
    assert beyond.err == "note: there is no hint 99: manual_jacobian has 3, and this is the last\n"


def test_a_misspelt_id_is_told_the_one_that_was_meant_and_not_all(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--course", course, "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    ran = run("hint", "manual_jacobain")
    assert ran.err == "grader: manual_jacobain is no exercise of this course; did you mean 'manual_jacobian'?\n"
