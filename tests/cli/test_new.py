"""`grader new`: a course that is proven at once, and an exercise of which `grader verify` says what is left to be written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from grader.course.course_yml import load_course

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.slow
def test_a_new_course_is_proven_and_takes_another_exercise(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it through the commands: begun, verified, added to, written, verified again; its seed is nobody's guess."""
    ran = run("new", "course", tmp_path / "calculus", "--title", 'Ana\'s "calculus": one')
    assert (ran.code, ran.err) == (0, "")
    root = tmp_path / "calculus"
    assert "grader verify" in ran.out
    assert len(list(root.glob("neural_calculus-*.whl"))) == 1
    assert "run: grader verify" in (root / ".github" / "workflows" / "verify.yml").read_text(encoding="utf-8")
    begun = load_course(root)
    assert (begun.title, [each.id for each in begun.exercises()]) == ('Ana\'s "calculus": one', ["mse_grad"])
    assert begun.seed is not None
    assert 2**40 < begun.seed < 2**63
    assert run("new", "course", tmp_path / "other").code == 0
    assert load_course(tmp_path / "other").seed != begun.seed
    assert load_course(tmp_path / "other").title == "other"

    monkeypatch.chdir(root)
    ran = run("verify")
    assert (ran.code, ran.err) == (0, "")
    assert "proven" in ran.out

    before = (root / "course.yml").read_text(encoding="utf-8")
    assert run("new", "exercise", "gradients/huber_grad").code == 0
    assert run("new", "exercise", "jacobians/first").code == 0
    after = (root / "course.yml").read_text(encoding="utf-8")
    assert set(before.splitlines()) < set(after.splitlines())
    assert [(each.assignment, each.id) for each in load_course(root).exercises()] == [
        ("gradients", "mse_grad"), ("gradients", "huber_grad"), ("jacobians", "first"),
    ]  # fmt: skip
    ran = run("verify", "huber_grad", "first")
    assert ran.code == 1
    for assignment, exercise in (("gradients", "huber_grad"), ("jacobians", "first")):
        for file in (f"solutions/{assignment}/{exercise}.py", f"solutions/{assignment}/{exercise}_checks.py"):
            lines = (root / file).read_text(encoding="utf-8").split("\n")
            left = [number for number, line in enumerate(lines, 1) if "TODO:" in line]
            told = re.findall(rf"{re.escape(file)}:(\d+): still to be written", ran.out)
            assert left == list(map(int, told)) != []
    assert all(around not in ran.out for around in ('",', '")'))  # the words alone, not what stands around them
    # What is worked out stays proven beside them; students are not given what is not written.
    assert run("verify", "mse_grad").code == 0
    ran = run("release", "exercises")
    assert (ran.code, "NotImplementedError: TODO: the reference" in ran.err) == (1, True)
    worked = root / "solutions" / "gradients" / "mse_grad"
    for suffix in (".py", "_checks.py"):
        text = worked.with_name(f"mse_grad{suffix}").read_text(encoding="utf-8").replace("mse_grad", "huber_grad")
        worked.with_name(f"huber_grad{suffix}").write_text(text, encoding="utf-8")
    found = run("verify", "huber_grad", "--json")
    assert "has not been written yet" in found.out
    assert "still to be written" not in found.out


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 1000000000126704])
def test_the_worked_exercise_is_proven_with_any_seed(run, tmp_path: Path, seed: int) -> None:
    """A new course draws its own; with the second a y in float32 once passed by luck."""
    run("new", "course", tmp_path / "begun")
    course_yml = tmp_path / "begun" / "course.yml"
    course_yml.write_text(
        re.sub(r"seed: \d+", f"seed: {seed}", course_yml.read_text(encoding="utf-8")), encoding="utf-8"
    )
    assert run("--course", tmp_path / "begun", "release", tmp_path / "begun" / "exercises").code == 0
    ran = run("--course", tmp_path / "begun", "verify")
    assert (ran.code, "1 proven" in ran.out) == (0, True)


def test_nothing_is_written_over(run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that holds something, a file, an exercise that is there, and ids that are none are refused with what to do."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (course, tmp_path / "file"):
        ran = run("new", "course", folder)
        assert (ran.code, "is not an empty folder" in ran.err) == (2, True)
    ran = run("new", "course", tmp_path / "file" / "below")
    assert (ran.code, "cannot be written" in ran.err) == (2, True)
    monkeypatch.chdir(course)
    (course / "solutions" / "shapes" / "half_checks.py").write_text("", encoding="utf-8")
    before = sorted(path for path in course.rglob("*"))
    text = (course / "course.yml").read_text(encoding="utf-8")
    for name, told in (
        ("shapes/manual_jacobian", "there is an exercise 'manual_jacobian' already, in jacobians"),
        ("shapes/Manual_Jacobian", "there is an exercise 'manual_jacobian' already, in jacobians"),
        ("shapes/random", "and of no module that answers import"),
        ("shapes/half", "is there already; choose another name"),
        ("half", "is not ASSIGNMENT/EXERCISE"),
        ("shapes/class", "is not ASSIGNMENT/EXERCISE"),
        ("solutions/half", "is not ASSIGNMENT/EXERCISE"),
        ("../up/half", "is not ASSIGNMENT/EXERCISE"),
    ):
        ran = run("new", "exercise", name)
        assert (ran.code, told in ran.err) == (2, True), ran.err
    assert sorted(path for path in course.rglob("*")) == before
    assert (course / "course.yml").read_text(encoding="utf-8") == text


def test_a_course_is_not_begun_inside_another_whose_commands_would_not_see_it(run, tmp_path: Path) -> None:
    """A course.yml below a course never counts: it may be a student's. So what was begun there could not be worked on."""
    (tmp_path / "course.yml").write_text("title: T\n", encoding="utf-8")
    ran = run("new", "course", tmp_path / "spring" / "calculus")
    assert (ran.code, f"lies in the course {tmp_path.resolve()}, and commands there" in ran.err) == (2, True)
    assert not (tmp_path / "spring").exists()
