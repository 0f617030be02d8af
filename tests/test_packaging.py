"""The distribution: its name, what a wheel of it holds, and that the wheel alone grades a class."""

from __future__ import annotations

import csv
import importlib.metadata
import os
import re
import shutil
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest
import yaml

import grader
from grader.building.wheel import wheel as packed_again
from repository import EXERCISES, ROOT, SAMPLE, SOLUTIONS

DISTRIBUTION = "neural-calculus"
# After `pip install`, on the same line: options, and what is asked for, up to the end of the command.
INSTALLING = re.compile(r"\b(?:pip3?|pipx|uv tool|uv pip) install((?:[ =]+[^\s`;|&)]+)+)")
TEXTS = sorted(
    path
    for pattern in (
        "*.md", "*.toml", "*.txt", "Makefile", ".ci/*", "docs/**/*.md", "exercises/**/*.md", "grader/**/*.py",
        "grader/**/*.html", "benchmarks/**/*.py", "solutions/**/*.py",
    )
    for path in ROOT.glob(pattern)
)  # fmt: skip


def asked_by_name(text: str) -> list[str]:
    """What a text has installed by this project's name, or by the name of its command, from an index."""
    words = [word.strip("'\"`.,:") for command in INSTALLING.findall(text) for word in command.split()]
    names = [re.split(r"[\[<>=!~@]", word)[0] for word in words]
    return [name for name in names if re.sub(r"[-_.]+", "-", name).lower() in {DISTRIBUTION, "grader"}]


@pytest.mark.parametrize(
    "text",
    ["pip install grader", "`pip install 'grader[nbgrader]'`", "pip install -q --upgrade Neural_Calculus==0.1.0"],
)
def test_asking_an_index_for_this_project_is_seen(text: str) -> None:
    assert asked_by_name(text)


@pytest.mark.parametrize(
    "text", ["pip install torch", "pip install '.[torch]'", "pip install ./neural_calculus-0.1.0-py3-none-any.whl",
             "`pip install .` once; it installs the command `grader`"],
)  # fmt: skip
def test_asking_for_a_wheel_a_checkout_or_another_project_is_not(text: str) -> None:
    assert not asked_by_name(text)


def test_nothing_installs_this_project_by_its_name() -> None:
    """Nobody holds that name: whoever registers it would be run. Texts name the wheel or the checkout.

    What is released is in exercises/, which tests/building holds to be current.
    """
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in TEXTS}
    assert "grader/for_nbgrader/versions.py" in texts
    assert (EXERCISES / "README.md").is_file()
    assert {name: found for name, text in texts.items() if (found := asked_by_name(text))} == {}


def test_the_installed_distribution_has_the_name_and_version() -> None:
    assert importlib.metadata.version(DISTRIBUTION) == grader.__version__
    (script,) = importlib.metadata.entry_points(group="console_scripts", name="grader")
    assert script.dist is not None
    assert script.dist.name == DISTRIBUTION


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, course and tests included, because setuptools writes beside the sources."""
    source, out = tmp_path_factory.mktemp("source") / "tree", tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "results")
    shutil.copytree(ROOT, source, ignore=ignored)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--wheel-dir", out, source], check=True, capture_output=True, timeout=300)
    (built,) = out.iterdir()
    return built


@pytest.mark.slow
def test_a_wheel_holds_the_engine_whole_and_nothing_of_the_course(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
        content = b"\n".join(map(archive.read, archive.namelist()))
    files = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "grader").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert held == files
    assert [path.name for path in SOLUTIONS.rglob("*.py") if path.read_bytes() in content] == []
    assert wheel.name.startswith(f"neural_calculus-{grader.__version__}-py3-none-any")


def unpacked(path: Path) -> dict[str, bytes]:
    """What a wheel holds, but for the lines about how it was packed."""
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith(".dist-info/RECORD")}


@pytest.mark.long
def test_a_wheel_alone_grades_a_class_and_hands_itself_out_from_anywhere(wheel: Path, tmp_path: Path) -> None:
    """In a fresh environment that sees this one's packages, but not this checkout; scores are the expected ones.

    What it writes for students has a wheel with all that is in the one it came from, and nothing that installing it or
    running it has added.
    """
    fresh = tmp_path / "fresh"
    venv.create(fresh, symlinks=os.name != "nt")
    scripts = fresh / ("Scripts" if os.name == "nt" else "bin")
    python = next(scripts.glob("python*"))
    ran = subprocess.run(
        [python, "-c", "import site; print(site.getsitepackages()[0])"], check=True, capture_output=True, text=True
    )
    packages = Path(ran.stdout.strip())
    # A folder named in a .pth file is searched, but the .pth files in it are not read: of this checkout it has none.
    (packages / "dependencies.pth").write_text("\n".join(site.getsitepackages()) + "\n")
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*install, str(wheel)], check=True, capture_output=True, timeout=300)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}

    def run(*command: str | os.PathLike[str], code: int = 0) -> str:
        done = subprocess.run(
            command, cwd=elsewhere, env=environment, check=False, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == code, done.stderr[-2000:]
        return done.stdout

    assert Path(run(python, "-c", "import grader; print(grader.__file__)").strip()).is_relative_to(packages)
    run(
        scripts / "grader",
        "--course",
        ROOT,
        "grade",
        SAMPLE / "submitted",
        "--out",
        "results",
        "--db",
        "record.sqlite",
        "--quiet",
        code=1,
    )  # one file has no place
    with (elsewhere / "results" / "grades.csv").open(encoding="utf-8", newline="") as file:
        scores = {(line["student"].removeprefix("'"), line["exercise"]): line["score"] for line in csv.DictReader(file)}
    expected = yaml.safe_load((SAMPLE / "expected.yml").read_text(encoding="utf-8"))
    wanted = {
        (student, exercise): entry["score"]
        for student, exercises in expected.items()
        for exercise, entry in (exercises or {}).items()
    }
    assert wanted
    assert {place: float(scores[place]) for place in wanted} == wanted
    run(scripts / "grader", "--course", ROOT, "release", "students")
    (again,) = (elsewhere / "students").glob("*.whl")
    assert again.name == wheel.name
    assert unpacked(again) == unpacked(wheel)
    # What it begins a course with is in it too.
    run(scripts / "grader", "new", "course", "begun")
    assert "1 proven" in run(scripts / "grader", "--course", "begun", "verify")


@pytest.mark.slow
def test_a_checkout_hands_out_the_wheel_that_would_be_built_of_it(wheel: Path, tmp_path: Path) -> None:
    """Its files are the same; what it says of itself was written when the checkout was installed."""
    name, data = packed_again()
    (tmp_path / name).write_bytes(data)
    here, built = unpacked(tmp_path / name), unpacked(wheel)
    assert here.keys() == built.keys()
    assert {each for each in here if here[each] != built[each]} <= {
        each for each in here if each.endswith((".dist-info/METADATA", ".dist-info/WHEEL"))
    }
