"""`grader check`: a student's own check, in the students' tree."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from grader.grading import repair as repair_module
from grader.grading.brake import Brake, GivenUpError
from grader.judging import repairs
from grader.sandbox import launch
from repository import course_text, write_course

SAMPLE = Path(__file__).parents[1] / "classes" / "sample" / "submitted"
RIGHT = (SAMPLE / "right-loops" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")
TRANSPOSED = (SAMPLE / "transposed" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")


@pytest.mark.slow
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
    assert ran.out.splitlines() == [
        "jacobians  1 not attempted yet", "shapes  1 not attempted yet",
        "Begin with jacobians/manual_jacobian.py, and check it with: grader check manual_jacobian",
    ]  # fmt: skip
    assert "manual_jacobian  NOT_ATTEMPTED" in run("check", "manual_jacobian").out
    (tree / "jacobians" / "manual_jacobian.py").write_text(TRANSPOSED)
    ran = run("check", "jacobians/manual_jacobian.py")
    assert ran.code == 1
    assert "manual_jacobian(x=1.0, y=2.0):" in ran.out
    assert "      expected (3, 2)    returned (2, 3)\n" in ran.out
    (tree / "jacobians" / "manual_jacobian.py").write_text(
        RIGHT.replace("\n    ", "\n    print('\\x1b[2Jhello')\n    ", 1)
    )
    ran = run("check", "jacobians/manual_jacobian.py")
    assert ran.code == 0
    assert "?[2Jhello" in ran.out
    assert "\x1b" not in ran.out
    found = json.loads(run("check", "jacobians", "--json").out)
    assert [exercise["verdict"] for exercise in found["exercises"]] == ["ACCEPTED"]


@pytest.mark.slow
def test_what_python_cannot_read_is_said_once(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And a statement that raises beside an answer has a note all the same."""
    tree = tmp_path / "tree"
    assert run("--course", course, "release", tree).code == 0
    monkeypatch.chdir(tree)
    answer = tree / "jacobians" / "manual_jacobian.py"
    answer.write_text(f"{RIGHT}\nprint((1, 2)\n")
    ran = run("check", "manual_jacobian")
    assert (ran.code, ran.out.count("'(' was never closed")) == (1, 1)
    answer.write_text(f"{RIGHT}\n1 / 0\n")
    ran = run("check", "manual_jacobian")
    assert (ran.code, "raises ZeroDivisionError" in ran.out) == (0, True)


@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"# coding: nonsense\n", b"#" * (1 << 20) + b"#"])
def test_where_nothing_was_run_nothing_is_said_of_isolation(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes
) -> None:
    """A file that cannot be read starts no worker, of which a layer could be missing."""
    tree = tmp_path / "tree"
    assert run("--course", course, "release", tree).code == 0
    monkeypatch.chdir(tree)
    (tree / "jacobians" / "manual_jacobian.py").write_bytes(data)
    ran = run("check", "manual_jacobian")
    assert (ran.code, ran.err) == (1, "")


WRONG = """import numpy as np

def softmax_xent_grad(Z, y):
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    p = e / e.sum(axis=0, keepdims=True)
    p[np.arange(len(y)), y] -= 1
    return p / len(p)
"""


@pytest.mark.slow
@pytest.mark.parametrize("asked", [True, False], ids=["asked for", "not asked for"])
def test_the_line_of_an_edit_is_told_where_the_course_says_so(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, asked: bool
) -> None:
    """By the public examples, below the answer; the edit is in no form of what is shown."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (source,) = (Path(__file__).parents[2] / "solutions").glob("*/softmax_xent_grad.py")
    text = course_text(f"{source.parent.name}/softmax_xent_grad")
    text += "repair: {seconds: 600, check: true}\n" if asked else ""
    tree = tmp_path / "tree"
    run("--course", write_course(tmp_path / "course", text), "release", tree)
    file = tree / source.parent.name / "softmax_xent_grad.py"
    file.write_text(WRONG)
    ran = run("check", file)
    assert ran.code == 1
    assert ("line 5: one change to which axis is summed makes the public examples pass" in ran.out) is asked
    assert "every check" not in ran.out
    assert "axis=1, keepdims=True)" not in run("check", file, "--json").out


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The functions that are searched, as they are."""
    found: list[str] = []

    def edits(program, own, function: str, most: int):
        found.append(function)
        return repairs.edits(program, own, function, most)

    monkeypatch.setattr(repair_module, "edits", edits)
    return found


@pytest.fixture
def wrong_file(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wrong answer in a student's tree where edits are looked for, and a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (source,) = (Path(__file__).parents[2] / "solutions").glob("*/softmax_xent_grad.py")
    text = course_text(f"{source.parent.name}/softmax_xent_grad") + "repair: {seconds: 600, check: true}\n"
    run("--course", write_course(tmp_path / "course", text), "release", tmp_path / "tree")
    file = tmp_path / "tree" / source.parent.name / "softmax_xent_grad.py"
    file.write_text(WRONG)
    return file


@pytest.mark.slow
def test_check_searches_each_state_of_a_file_once(run, wrong_file: Path, tmp_path: Path, searched: list[str]) -> None:
    """Another call says the same without a search; a changed file, or changed examples, are searched anew."""
    first = run("check", wrong_file)
    assert "line 5: one change to which axis is summed" in first.out
    assert searched == ["softmax_xent_grad"]
    assert run("check", wrong_file).out == first.out
    assert len(searched) == 1
    wrong_file.write_text("\n" + WRONG)
    assert "line 6: one change to which axis is summed" in run("check", wrong_file).out
    assert len(searched) == 2
    examples = wrong_file.with_name("softmax_xent_grad.examples.json")
    examples.write_text(examples.read_text().replace('"claim": "', '"claim": "really ', 1))
    assert "line 6: one change" in run("check", wrong_file).out
    assert len(searched) == 3
    (kept,) = (tmp_path / "cache" / "grader" / "searched").iterdir()
    kept.write_text("{")
    assert "line 6: one change" in run("check", wrong_file).out
    assert len(searched) == 4


@pytest.mark.slow
def test_what_was_given_up_is_not_searched_again_either(
    run, wrong_file: Path, searched: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until the file is another one."""

    def given_up(*_: object) -> None:
        raise GivenUpError("too long")

    monkeypatch.setattr(Brake, "look", given_up)
    for _ in range(2):
        ran = run("check", wrong_file, "--json")
        assert json.loads(ran.out)["exercises"][0]["not_searched"] == "not searched: too long"
        assert len(searched) == 1


@pytest.mark.slow
@pytest.mark.parametrize("cache", ["a file", "no home"])
def test_without_a_cache_check_searches_each_time(
    run, wrong_file: Path, tmp_path: Path, searched: list[str], monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    """Where there is no folder for it, and none can be made."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file") if cache == "a file" else "relative")

    def no_home() -> Path:
        raise RuntimeError("no home directory")

    monkeypatch.setattr(Path, "home", no_home)
    for count in (1, 2):
        assert "line 5: one change to which axis is summed" in run("check", wrong_file).out
        assert len(searched) == count


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


def test_check_names_what_it_does_not_know(run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
    ran = run("--course", course, "check", tree / "jacobians" / "manual_jacobian.py")
    assert (ran.code, "`grader release exercises` writes it" in ran.err) == (2, True)
    ran = run("--course", tree, "grade", tree)
    assert (ran.code, "is what students get, and this needs the whole course" in ran.err) == (2, True)
    assert "solutions" not in ran.err
    (tmp_path / "nowhere").mkdir()
    monkeypatch.chdir(tmp_path / "nowhere")
    ran = run("check")
    assert (
        "there is no course.yml here or in any folder above; it lies in the folder of the course or of the hand-out"
        in ran.err
    )
    assert "solutions" not in ran.err


@pytest.mark.slow
@pytest.mark.parametrize(
    "named",
    [
        ["manual_jacobian"], ["jacobians"], ["jacobians/manual_jacobian.py"], ["jacobians/"], ["./jacobians"],
        ["manual_jacobian", "jacobians", "jacobians/manual_jacobian.py"],
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", [".", "jacobians", "shapes"])
def test_an_exercise_is_named_by_its_id_its_assignment_its_file_or_its_folder(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str, named: list[str]
) -> None:
    """From any folder of the hand-out; named twice it is checked once."""
    tree = tmp_path / "tree"
    run("--course", course, "release", tree)
    (tree / "jacobians" / "manual_jacobian.py").write_text(RIGHT)
    monkeypatch.chdir(tree / where)
    found = [os.path.relpath(tree / each, tree / where) if "/" in each else each for each in named]
    ran = run("check", *found, "--json")
    assert ran.code == 0, ran.err
    assert [each["exercise"] for each in json.loads(ran.out)["exercises"]] == ["manual_jacobian"]


def test_a_file_of_another_name_is_told_which_it_should_have(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--course", course, "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree" / "jacobians")
    Path("manual_jacobain.py").write_text("x = 1\n", encoding="utf-8")
    ran = run("check", "manual_jacobain.py")
    assert ran.err == (
        "grader: manual_jacobain.py is no exercise of this course: keep the stub's file name; did you mean 'manual_jacobian'?\n"
    )


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("manual_jacobain", "manual_jacobain is no exercise of this course; did you mean 'manual_jacobian'?"),
        ("chess", "chess is no exercise of this course; name one by its id, which is its file's name without .py"),
        ("jacobians/chess.py", "jacobians/chess.py does not exist; name one by its id"),
        ("manual_jacobian.ipynb", "manual_jacobian.ipynb does not exist; name one by its id"),
    ],
)
def test_what_names_no_exercise_is_told_how_they_are_named(
    run, course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, told: str
) -> None:
    run("--course", course, "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    ran = run("check", named)
    assert (ran.code, told in ran.err) == (2, True)


@pytest.mark.slow
def test_a_check_never_says_accepted_of_what_hidden_checks_decide(run, course: Path, tmp_path: Path) -> None:
    """Right examples are called that, with the points that are left; where there is no example, nothing is said of the answer."""
    path = course / "solutions" / "jacobians" / "manual_jacobian_checks.py"
    checks = path.read_text()
    run("--course", course, "release", tmp_path / "tree")
    stub = tmp_path / "tree" / "jacobians" / "manual_jacobian.py"
    stub.write_text(RIGHT)
    ran = run("check", stub)
    assert ran.code == 0
    assert re.search(r"^manual_jacobian  public examples right; hidden checks decide \d points", ran.out, re.MULTILINE)
    assert "ACCEPTED" not in ran.out
    found = json.loads(run("check", stub, "--json").out)
    assert found["hidden_points"]["manual_jacobian"] > 0
    assert f"decide {found['hidden_points']['manual_jacobian']:g} points" in ran.out

    path.write_text(checks.replace("public=True", "public=False"))
    run("--course", course, "release", tmp_path / "bare")
    stub = tmp_path / "bare" / "jacobians" / "manual_jacobian.py"
    for answer in (stub.read_text(), RIGHT):
        stub.write_text(answer)
        ran = run("check", stub)
        assert ran.code == 1
        assert "manual_jacobian  no public examples; hidden checks decide" in ran.out
        assert "ACCEPTED" not in ran.out
        assert json.loads(run("check", stub, "--json").out)["exercises"][0]["verdict"] == "NOT_ATTEMPTED"


@pytest.mark.slow
def test_what_was_attempted_is_checked_and_the_rest_is_counted(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a name, and in a folder: a line for each assignment, whatever is in the notebook beside the stubs.

    What is named alone is tried as it is; the machine's form has all that was meant.
    """
    names = (
        "jacobians/manual_jacobian",
        "jacobians/linear_layer_jacobian",
        "sigmoid/sigmoid_jacobian",
        "sigmoid/sigmoid_grad",
    )
    run("--course", write_course(tmp_path / "course", course_text(*names)), "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    Path("jacobians/manual_jacobian.py").write_text(TRANSPOSED)
    tried, counted = "manual_jacobian  WRONG_ANSWER", ["jacobians  1 not attempted yet", "sigmoid  2 not attempted yet"]
    for named in ([], ["."], ["jacobians", "sigmoid"]):
        ran = run("check", *named)
        assert (ran.code, tried in ran.out, ran.out.splitlines()[-3:-1]) == (1, True, counted)
    assert run("check", "jacobians/jacobians.ipynb").out.startswith("jacobians  2 not attempted yet\n")
    ran = run("check", "sigmoid_grad", "sigmoid")
    assert "sigmoid_grad  NOT_ATTEMPTED" in ran.out
    assert "sigmoid  1 not attempted yet" in ran.out
    found = json.loads(run("check", "--json").out)
    assert [each["verdict"] for each in found["exercises"]] == ["WRONG_ANSWER", *["NOT_ATTEMPTED"] * 3]


@pytest.mark.slow
def test_one_worker_serves_all_exercises(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    launched = launch.launched

    def counted() -> launch.Launched:
        started.append(launched())
        return started[-1]

    monkeypatch.setattr(launch, "launched", counted)
    text = course_text("jacobians/manual_jacobian", "jacobians/linear_layer_jacobian", "sigmoid/sigmoid_jacobian")
    run("--course", write_course(tmp_path / "course", text), "release", tmp_path / "tree")
    monkeypatch.chdir(tmp_path / "tree")
    started.clear()
    ran = run("check", "manual_jacobian", "linear_layer_jacobian", "sigmoid_jacobian")
    assert ran.out.count("NOT_ATTEMPTED") == 3
    assert len(started) == 1
