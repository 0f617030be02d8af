"""Which course a command uses, and what a file that came with a submission can make it do: nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.course.place import find_course
from grader.errors import CourseError
from repository import ROOT, SOLUTIONS

pytestmark = pytest.mark.slow

GRADER = Path(sys.executable).with_name("grader")

COURSE = "title: t\nseed: 1\nassignments:\n  - {id: vjp, title: v, exercises: [vjp_linear]}\n"
PLANTED = "title: x\nassignments:\n  - {id: vjp, title: v, exercises: [vjp_linear]}\n"
NUMBER = {"type": "array", "dtype": "<f8", "shape": [], "data": "AAAAAAAAAAA="}


def example(**sources: str) -> str:
    """An examples file with a source of the attacker's in it."""
    check = {
        "name": "a", "claim": "c", "public": True, "function": "vjp_linear", "points": 0, "parts": {}, "readonly": False,
        "strict": False, "judge": "", "driver": "", "keep": False, "arguments": ["x"],
        "cases": [{"args": [NUMBER], "expected": NUMBER, "wrong": {}}],
    }  # fmt: skip
    return json.dumps({"exercise": "vjp_linear", "misconceptions": {}, "hints": [], "checks": [check | sources]})


@pytest.fixture
def mallory(tmp_path: Path) -> Path:
    """A submission that brings a course of its own, below the true one."""
    course = tmp_path / "course"
    for name in ("solutions", "exercises"):
        (course / name / "vjp").mkdir(parents=True)
        for file in (ROOT / name / "vjp").glob("vjp_linear*"):
            shutil.copy(file, course / name / "vjp")
    (course / "course.yml").write_text(COURSE)
    folder = course / "submitted" / "mallory"
    (folder / "vjp").mkdir(parents=True)
    (folder / "course.yml").write_text(PLANTED)
    (folder / "vjp" / "vjp_linear.py").write_text("def vjp_linear(x): return 0.0\n")
    return folder


def check(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [GRADER, "check", *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=60,
        env=dict(os.environ),
    )  # fmt: skip


@pytest.mark.parametrize("source", ["judge", "driver"])
@pytest.mark.parametrize("where", ["named", "gone into", "elsewhere"])
def test_a_source_in_a_submission_never_runs_in_the_trusted_process(
    mallory: Path, tmp_path: Path, source, where
) -> None:
    """As a judge, a driver or an argument; also where that course is the only one there is."""
    canary = tmp_path / "PWNED"
    code = f"def run(*_):\n    open({str(canary)!r}, 'w').write('trusted')\n    return 0.0\n"
    (mallory / "vjp" / "vjp_linear.examples.json").write_text(example(**{source: code}))
    place = mallory
    if where == "elsewhere":
        place = tmp_path / "downloads" / "mallory"
        shutil.copytree(mallory, place)
    done = check(
        *(["submitted/mallory/vjp/vjp_linear.py"] if where == "named" else ["vjp/vjp_linear.py"]),
        cwd=mallory.parents[1] if where == "named" else place,
    )
    assert done.returncode in (0, 1), done.stderr
    assert "vjp_linear" in done.stdout
    assert not canary.exists()


def test_a_shipped_judge_still_judges(tmp_path: Path) -> None:
    """Run apart, it says what it says in a class: right, wrong in words, and its own failure."""
    course = tmp_path / "course"
    shutil.copytree(ROOT / "exercises" / "relu", course / "relu")
    (course / "course.yml").write_text("title: x\nassignments:\n  - {id: relu, title: a, exercises: [dead_units]}\n")
    path = course / "relu" / "dead_units.py"
    shutil.copy(SOLUTIONS / "relu" / "dead_units.py", path)
    assert check(str(path), cwd=course).returncode == 0
    examples = course / "relu" / "dead_units.examples.json"
    shipped = json.loads(examples.read_text())
    shipped["checks"][0]["judge"] = "own"

    def judged_by(body: str) -> subprocess.CompletedProcess[str]:
        shipped["judges"] = {"own": f"def judge(got, *inputs):\n    {body}\n"}
        examples.write_text(json.dumps(shipped))
        return check(str(path), cwd=course)

    assert "not this one" in judged_by("return 'not this one' if inputs else None").stdout
    assert judged_by("return None").returncode == 0
    failed = judged_by("return 1 / 0")
    assert "JUDGE_ERROR" in failed.stdout
    assert "not your fault and costs you nothing" in failed.stdout
    assert "ZeroDivisionError" not in failed.stdout


def test_a_course_below_another_never_counts(tmp_path: Path) -> None:
    for folder in ("a", "a/submitted/m", "a/exercises", "a/exercises/vjp/deep"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "course.yml").touch()
    (tmp_path / "a/submitted/m/vjp").mkdir()
    assert find_course(tmp_path / "a") == tmp_path / "a"
    assert find_course(tmp_path / "a/submitted/m/vjp") == tmp_path / "a"
    assert find_course(tmp_path / "a/exercises") == tmp_path / "a/exercises"
    assert find_course(tmp_path / "a/exercises/vjp/deep") == tmp_path / "a/exercises"
    with pytest.raises(CourseError, match="no course"):
        find_course(tmp_path)


@pytest.fixture
def given(run, course: Path, tmp_path: Path) -> Path:
    """The hand-out of a small course."""
    run("--course", course, "release", tmp_path / "given")
    return tmp_path / "given"


@pytest.mark.parametrize("where", ["", "jacobians"])
def test_a_course_that_is_plainly_the_current_folder_s_is_not_named(run, given: Path, monkeypatch, where: str) -> None:
    monkeypatch.chdir(given / where)
    assert "course:" not in run("check", "manual_jacobian").err
    assert run("hint", "manual_jacobian").err == ""


@pytest.mark.parametrize("command", ["check", "hint"])
def test_a_course_from_elsewhere_is_named_in_a_line(
    run, given: Path, tmp_path: Path, monkeypatch, command: str
) -> None:
    """Asked for, around the file that is named, or further above than a look around tells."""
    line = f"course: A small course, in {given}\n"
    monkeypatch.chdir(tmp_path)
    assert run("--course", given, command, "manual_jacobian").err.startswith(line)
    assert run(command, "given/jacobians/manual_jacobian.py").err.startswith(line)
    (given / "jacobians" / "mine").mkdir()
    monkeypatch.chdir(given / "jacobians" / "mine")
    assert run(command, "manual_jacobian").err.startswith(line)


def test_a_hand_out_inside_the_whole_course_is_told_that_it_is_not_the_one_used(run, course: Path, monkeypatch) -> None:
    """What is below a course may be a submission, so the outer one is used; nobody should take it for the inner."""
    run("--course", course, "release", course / "exercises")
    run("--course", course, "release", course / "given")
    monkeypatch.chdir(course / "given")
    assert run("check", "manual_jacobian").err.startswith(f"course: A small course, in {course}\n")
    monkeypatch.chdir(course / "exercises")
    assert "course:" not in run("check", "manual_jacobian").err


def test_a_class_run_names_its_course_always_but_when_quiet(run, course: Path, submitted, monkeypatch) -> None:
    monkeypatch.chdir(course)
    place = submitted("alice", manual_jacobian="x = 1")
    assert run("grade", place).err.startswith(f"course: A small course, in {course}\n")
    assert "course:" not in run("grade", place, "--quiet").err


def test_the_name_of_a_course_cannot_drive_a_terminal(run, given: Path, tmp_path: Path, monkeypatch) -> None:
    path = given / "course.yml"
    path.write_text(path.read_text().replace("A small course", '"A\\u202e\\u200bcourse"'))
    monkeypatch.chdir(tmp_path)
    assert run("--course", given, "hint", "manual_jacobian").err.startswith("course: A\\u202e\\u200bcourse, in ")


def test_json_has_the_course_and_nothing_else_is_said_of_it(
    run, course: Path, given: Path, submitted, tmp_path: Path
) -> None:
    place = submitted("alice", manual_jacobian="x = 1")
    for root, arguments in (
        (given, ["check", "manual_jacobian"]),
        (given, ["hint", "manual_jacobian"]),
        (course, ["grade", place, "--out", tmp_path / "out"]),
        (course, ["verify", "manual_jacobian"]),
    ):
        ran = run("--course", root, *arguments, "--json")
        assert json.loads(ran.out)["course"] == {"title": "A small course", "folder": str(root)}
        assert "course:" not in ran.err
