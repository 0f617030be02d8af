"""`grader status`, and `grader` alone: how a student stands, from what was last checked and what is checked now."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from rich.cells import cell_len

from grader.sandbox import sandbox as sandbox_module
from grader.sandbox.workers import Zygote
from repository import reference, write_course

COURSE = """\
title: Calculus 🎓
seed: 1
assignments:
  - id: jacobians
    title: יעקוביאנים 🧮
    due: 2026-10-05T23:59:00+02:00
    exercises: [manual_jacobian, linear_layer_jacobian]
  - id: sigmoid
    title: Sigmoid
    optional: true
    exercises: [sigmoid_jacobian]
"""
WRONG = "def linear_layer_jacobian(W, b, x):\n    return W.T\n"


@pytest.fixture
def tree(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hand-out with one right answer, one wrong one, and one stub."""
    run("--course", write_course(tmp_path / "course", COURSE), "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    Path("jacobians/manual_jacobian.py").write_text(reference("jacobians/manual_jacobian"))
    Path("jacobians/linear_layer_jacobian.py").write_text(WRONG)
    return tmp_path / "tree"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The workers that are started."""
    found: list[object] = []

    class Counted(Zygote):
        def __init__(self, packages) -> None:
            found.append(packages)
            super().__init__(packages)

    monkeypatch.setattr(sandbox_module, "Zygote", Counted)
    return found


@pytest.mark.slow
@pytest.mark.usefixtures("tree")
def test_each_exercise_has_a_line_and_one_is_next(run, monkeypatch: pytest.MonkeyPatch) -> None:
    """By assignment, with its date: verdict, public points, what is hidden, hints; `grader` alone shows the same."""
    run("hint", "sigmoid_jacobian")
    ran = run("status")
    assert ran.code == 0
    assert ran.out == run().out
    lines = [line.split() for line in ran.out.splitlines()]
    assert ran.out.splitlines()[0] == "יעקוביאנים 🧮  due 2026-10-05 23:59+02:00"
    assert lines[1][:4] == ["✓", "manual_jacobian", "examples", "right"]
    assert lines[2][:4] == ["✗", "linear_layer_jacobian", "wrong", "answer"]
    assert ran.out.splitlines()[3] == "Sigmoid  optional"
    assert lines[4][:4] == ["·", "sigmoid_jacobian", "not", "attempted"]
    assert " ".join(lines[4][-4:]) == "1 of 3 hints"
    assert ran.out.endswith("Next: linear_layer_jacobian, in jacobians/linear_layer_jacobian.py\n")
    found = {each["exercise"]: each for each in json.loads(run("status", "--json").out)["exercises"]}
    assert [each["verdict"] for each in found.values()] == ["ACCEPTED", "WRONG_ANSWER", "NOT_ATTEMPTED"]
    assert f"{found['manual_jacobian']['hidden']:g} hidden" in ran.out
    monkeypatch.setenv("COLUMNS", "40")
    narrow = run("status").out
    assert max(map(cell_len, narrow.splitlines())) <= 40
    assert all(name in narrow for name in found)


@pytest.mark.slow
def test_only_what_changed_is_run_again(run, tree: Path, started: list[object]) -> None:
    """By the file and the examples; a check is remembered as well."""
    run("check")
    started.clear()
    first = run("status").out
    assert "Public points" in first
    assert started == []
    Path("jacobians/linear_layer_jacobian.py").write_text(reference("jacobians/linear_layer_jacobian"))
    assert "2 of 3 exercises right" in run("status").out
    assert len(started) == 1
    examples = tree / "jacobians" / "manual_jacobian.examples.json"
    examples.write_text(examples.read_text().replace('"claim": "', '"claim": "really ', 1))
    run("status")
    assert len(started) == 2
    run("status")
    assert len(started) == 2


@pytest.mark.slow
@pytest.mark.usefixtures("tree")
def test_a_home_that_cannot_be_written_to_costs_the_memory_alone(
    run, started: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything is said as before, of what is checked each time."""
    told = run("status").out
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    started.clear()
    for count in (1, 2):
        ran = run("status")
        assert (ran.code, ran.out, ran.err) == (0, told, "")
        assert len(started) == count


def test_alone_it_is_help_where_no_student_is(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a whole course, and outside of any."""
    (tmp_path / "nowhere").mkdir()
    for folder in (course, tmp_path / "nowhere"):
        monkeypatch.chdir(folder)
        ran = run()
        assert (ran.code, ran.out.startswith("Usage: grader")) == (0, True)
