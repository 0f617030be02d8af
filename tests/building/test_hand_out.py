"""The hand-out of this repository's course: nothing private is in it, and it needs nothing else."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import grader
from grader.building.compiler import load_module
from grader.building.release import release, render_hand_out
from grader.course.checks import Check, Misconception
from grader.course.course_yml import load_course
from marks import needs_torch
from repository import SOLUTIONS, course_here, course_text, reference, write_course

pytestmark = pytest.mark.skipif(not SOLUTIONS.is_dir(), reason="a student's tree has no solutions/")

NAMES = ("jacobians/manual_jacobian", "jacobians/linear_layer_jacobian", "shapes/predict_jacobian_shapes")


@pytest.fixture(scope="module")
def hand_out():
    """The whole course's, rendered."""
    return render_hand_out(course_here())


@pytest.fixture
def small(tmp_path):
    """A course of three exercises in two assignments."""
    return load_course(write_course(tmp_path / "course", course_text(*NAMES)))


def texts_of(hand_out, exercise):
    """What the hand-out says of one exercise: its own files, and its cells of a notebook."""
    own = [data.decode() for name, data in hand_out.items() if name.startswith(f"{exercise.assignment}/{exercise.id}.")]
    notebook = json.loads(hand_out[f"{exercise.assignment}/{exercise.assignment}.ipynb"])
    cells = [cell for cell in notebook["cells"] if cell["id"].partition("-")[2] == exercise.id]
    assert [cell["id"].partition("-")[0] for cell in cells] == ["task", "solution", "examples"]
    return [*own, *("".join(cell["source"]) for cell in cells)]


def secret_lines(course, exercise):
    """The lines that only the regions of a reference have."""
    inside: set[str] = set()
    outside: set[str] = set()
    lines = outside
    for line in map(str.strip, course.reference(exercise).read_text(encoding="utf-8").splitlines()):
        if line.startswith("### "):
            lines = inside if "BEGIN" in line else outside
        lines.add(line)
    return {line for line in inside - outside if any(map(str.isalpha, line))}


def declared(course, exercise, kind):
    """The checks or the misconceptions of an exercise."""
    return [each for each in vars(load_module(course.checks(exercise))).values() if isinstance(each, kind)]


@needs_torch
@pytest.mark.slow
def ships(thing):
    """Whether students may see it."""
    return thing.public if isinstance(thing, Check) else not thing.hidden


@pytest.mark.long
def test_nothing_private_of_the_course_here_goes_out(hand_out):
    """No line of a solution, no name and no claim of a hidden check, nothing of a hidden misconception, in any file.

    What is private in one exercise and public in another is looked for in what is said of the first. The wheel holds
    the engine's files and no others.
    """
    course = course_here()
    with zipfile.ZipFile(io.BytesIO(next(data for name, data in hand_out.items() if name.endswith(".whl")))) as wheel:
        engine = {name: wheel.read(name) for name in wheel.namelist() if ".dist-info/" not in name}
    for name, data in engine.items():
        assert (Path(grader.__file__).parents[1] / name).read_bytes() == data
    whole = "\n".join(data.decode() for name, data in hand_out.items() if not name.endswith(".whl"))
    every = [(exercise, declared(course, exercise, Check | Misconception)) for exercise in course.exercises()]
    public = {exercise.id for exercise, _ in every}
    public |= {each.name for _, things in every for each in things if ships(each)}
    for exercise, things in every:
        own = "\n".join(texts_of(hand_out, exercise))
        lines = secret_lines(course, exercise)
        assert lines
        assert not lines & set(map(str.strip, own.splitlines()))
        told = {each.claim if isinstance(each, Check) else each.feedback for each in things if ships(each)}
        for thing in things:
            words = thing.claim if isinstance(thing, Check) else thing.feedback
            if ships(thing) or words in told:
                continue
            assert words not in own
            assert words not in whole or isinstance(thing, Check)  # "works for any shape" may be public elsewhere
            assert f'"{thing.name}"' not in own
            assert f'"{thing.name}"' not in whole or thing.name in public
    assert str(course.seed) not in whole
    assert not re.search(r"^\W*seed\b", whole, re.MULTILINE)
    assert "SOLUTION" not in whole


def test_where_course_yml_says_so_there_is_a_notebook_for_each_exercise(small):
    path = small.root / "course.yml"
    path.write_text("notebooks: exercise\n" + path.read_text())
    names = {name for name in render_hand_out(load_course(small.root)) if name.endswith(".ipynb")}
    assert names == {f"{name}.ipynb" for name in NAMES}


@needs_torch
@pytest.mark.slow
def test_its_readme_says_what_may_be_imported(hand_out):
    """Of this course: numpy, and torch in two exercises; scipy, which students think of, is refused in words."""
    readme = hand_out["README.md"].decode()
    assert "standard library and `numpy`, and `torch` in `compare_with_autograd`, `linear_function_torch`.\n" in readme
    assert "refused where an answer uses it (`FORBIDDEN`, no points): `scipy`, `pandas`, `sympy`, `jax`." in readme
    assert "For `compare_with_autograd`, `linear_function_torch` also: `python -m pip install torch`" in readme


def test_a_readme_refuses_nothing_that_the_course_allows(small):
    path = small.root / "course.yml"
    path.write_text("imports: [scipy.special]\n" + path.read_text())
    readme = render_hand_out(load_course(small.root))["README.md"].decode()
    assert "and `scipy` in `manual_jacobian`, `linear_layer_jacobian`, `predict_jacobian_shapes`." in readme
    assert "no points): `pandas`" in readme


def answered(text, **answers):
    """A notebook of the hand-out with other code in the cells for the named exercises."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        kind, _, exercise = cell["id"].partition("-")
        if kind == "solution" and exercise in answers:
            cell["source"] = answers[exercise]
    return json.dumps(notebook)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["assignment", "exercise"])
def test_its_notebook_with_the_answer_filled_in_earns_full_marks(run, small, tmp_path, kind):
    """Handed in with all else that was handed out: the stubs beside it are no answers, nor are its other cells."""
    path = small.root / "course.yml"
    path.write_text(f"notebooks: {kind}\n" + path.read_text())
    student = tmp_path / "submitted" / "ada"
    assert run("--course", small.root, "release", student).code == 0
    names = ["manual_jacobian", "linear_layer_jacobian"]
    for name in ["jacobians"] if kind == "assignment" else names:
        place = student / "jacobians" / f"{name}.ipynb"
        wanted = {each: reference(f"jacobians/{each}") for each in names}
        place.write_text(answered(place.read_text(), **wanted))
    ran = run("--course", small.root, "grade", tmp_path / "submitted", "--out", tmp_path / "out", "--json")
    found = {row["exercise"]: row for row in json.loads(ran.out)["grades"]}
    for name in names:
        assert (found[name]["verdict"], found[name]["score"]) == ("ACCEPTED", found[name]["max_score"])
    assert found["predict_jacobian_shapes"]["verdict"] == "NOT_ATTEMPTED"


@pytest.mark.slow
def test_of_its_notebook_an_exercise_that_is_left_as_it_is_was_not_attempted(run, small, tmp_path):
    """Also where the notebook alone is handed in, and another exercise in it is answered."""
    released = render_hand_out(small)["jacobians/jacobians.ipynb"].decode()
    place = tmp_path / "submitted" / "ada" / "jacobians" / "jacobians.ipynb"
    place.parent.mkdir(parents=True)
    place.write_text(answered(released, linear_layer_jacobian=reference("jacobians/linear_layer_jacobian")))
    ran = run("--course", small.root, "grade", tmp_path / "submitted", "--out", tmp_path / "out", "--json")
    verdicts = {row["exercise"]: row["verdict"] for row in json.loads(ran.out)["grades"]}
    assert verdicts == {
        "manual_jacobian": "NOT_ATTEMPTED", "linear_layer_jacobian": "ACCEPTED", "predict_jacobian_shapes": "NOT_ATTEMPTED",
    }  # fmt: skip


@pytest.fixture(scope="session")
def index():
    """Skip where pip finds no packages: what the hand-out needs beside itself comes from there."""
    asked = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps", "--ignore-installed", "click"]
    if subprocess.run(asked, capture_output=True, check=False, timeout=120).returncode:
        pytest.skip("pip reaches no package index here")


@pytest.mark.long
@pytest.mark.skipif(os.name == "nt", reason="runs the lines for Linux and macOS")
@pytest.mark.usefixtures("index")
def test_its_own_lines_install_it_and_it_checks_without_the_repository(small, tmp_path):
    """Typed from its README, in a folder far from the course, which is gone: check and hint, files and notebooks."""
    tree = tmp_path / "given" / "students"
    release(small, tree)
    shutil.rmtree(small.root)
    readme = (tree / "README.md").read_text()
    lines = re.findall(r"^    (python3 -m venv .*\n(?:    .+\n)+)", readme, re.MULTILINE)[0].replace("    ", "")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    environment["PATH"] = f"{Path(sys.executable).resolve().parent}{os.pathsep}{environment['PATH']}"

    def typed(*commands, code=0):
        script = "\n".join(["set -e", *commands])
        done = subprocess.run(
            ["/bin/sh", "-c", script],
            cwd=tree,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )
        assert done.returncode == code, done.stderr[-2000:]
        return done.stdout

    typed(lines)
    enter = ". .venv/bin/activate"
    where = typed(enter, "python -c 'import grader; print(grader.__file__)'").strip()
    assert Path(where).is_relative_to(tree / ".venv")
    assert "jacobians  2 not attempted yet\nshapes  1 not attempted yet\n" in typed(enter, "grader check", code=1)
    (tree / "shapes" / "predict_jacobian_shapes.py").write_text(reference("shapes/predict_jacobian_shapes"))
    assert "predict_jacobian_shapes  public examples right; " in typed(enter, "grader check predict_jacobian_shapes")
    notebook = tree / "jacobians" / "jacobians.ipynb"
    notebook.write_text(answered(notebook.read_text(), manual_jacobian=reference("jacobians/manual_jacobian")))
    said = typed(enter, "grader check manual_jacobian")
    assert re.search(r"manual_jacobian  public examples right; .* points  jacobians/jacobians.ipynb\n", said)
    assert "hint 1 of" in typed(enter, "grader hint manual_jacobian")
