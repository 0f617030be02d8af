"""The autograder for Gradescope: in a folder like its container's, as root, with what Docker leaves to root."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from containers import CONFINE
from repository import course_text, reference, write_course

if TYPE_CHECKING:
    from collections.abc import Iterator

COURSE = course_text(
    "jacobians/manual_jacobian", "jacobians/linear_layer_jacobian", "shapes/predict_jacobian_shapes",
    limits="{cpu_seconds: 1, wall_seconds: 1}",
)  # fmt: skip
RIGHT = reference("jacobians/manual_jacobian")
METADATA = {
    "created_at": "2026-01-30T14:22:32.365935-07:00",
    "users": [{"email": "ada@example.edu", "id": 7, "name": "Ada L"}],
}
ROBBER = """
import glob, os
{right}
_right = manual_jacobian


def _got():
    for place in {places!r}:
        for name in [place, *glob.glob(place + "/**", recursive=True)]:
            for take in (
                lambda: open(name).read(), lambda: os.listdir(name), lambda: open(name + "/x", "w"), lambda: open(name, "a"),
                lambda: os.rename(name, name + "x"), lambda: os.unlink(name),
            ):
                try:
                    take()
                except OSError:
                    continue
                return True
    return False


def manual_jacobian(*arguments):
    if not _got():
        raise ValueError("nothing to be had")
    return _right(*arguments)
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_course(tmp_path_factory.mktemp("gradescope") / "course", COURSE)


@pytest.fixture
def archive(run, course: Path, tmp_path: Path) -> Path:
    code, _, err = run(
        "--course", course, "export", "gradescope-autograder", tmp_path / "auto.zip", "--assignment", "jacobians"
    )
    assert code == 0, err
    assert "It holds the solutions" in err
    return tmp_path / "auto.zip"


def unpacked(archive: Path, place: Path) -> None:
    """As Gradescope does when it builds the image."""
    with zipfile.ZipFile(archive) as opened:
        opened.extractall(place / "source")
    shutil.copy(place / "source" / "run_autograder", place / "run_autograder")
    (place / "run_autograder").chmod(0o755)
    for name in ("submission", "results"):
        (place / name).mkdir()
        (place / name).chmod(0o777)
    (place / "submission_metadata.json").write_text(json.dumps(METADATA))


@pytest.fixture
def place(archive: Path, container_python: Path) -> Iterator[Path]:
    """A folder like /autograder, whose own folders are open to all."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder)
        found.chmod(0o755)
        unpacked(archive, found)
        (found / "grader" / "bin").mkdir(parents=True)
        command = found / "grader" / "bin" / "grader"
        command.write_text(f"#!{container_python}\nfrom grader.cli.main import main\nmain()\n")
        command.chmod(0o755)
        yield found


def graded(place: Path, python: Path, denied: str = "", **sources: str) -> tuple[int, dict, str]:
    """What run_autograder leaves with, the results that it wrote, and what it printed."""
    for name, source in sources.items():
        (place / "submission" / f"{name}.py").write_text(source)
    (place / "results" / "results.json").unlink(missing_ok=True)
    ran = subprocess.run(
        [python, "-c", CONFINE, denied, str(place / "run_autograder")],
        cwd=place, capture_output=True, text=True, check=False, timeout=300,
        env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
    )  # fmt: skip
    return ran.returncode, json.loads((place / "results" / "results.json").read_bytes()), ran.stdout + ran.stderr


def test_the_archive_holds_what_gradescope_runs_and_one_assignment_of_the_course(archive: Path) -> None:
    with zipfile.ZipFile(archive) as opened:
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in opened.infolist()}
        course_yml = opened.read("course/course.yml").decode()
    assert {name for name in modes if "/" not in name and not name.endswith(".whl")} == {"setup.sh", "run_autograder"}
    assert len([name for name in modes if name.endswith(".whl")]) == 1
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert "course/solutions/jacobians/manual_jacobian_checks.py" in modes
    assert not [name for name in modes if "shapes" in name]
    assert "shapes" not in course_yml
    assert "seed: 1" in course_yml


def test_checks_that_need_what_is_not_in_it_are_named_before_it_is_written(run, tmp_path: Path) -> None:
    root = write_course(tmp_path / "course", COURSE)
    checks = root / "solutions" / "jacobians" / "manual_jacobian_checks.py"
    checks.write_text(f"from ..shapes import predict_jacobian_shapes as _other\n{checks.read_text()}")
    code, _, err = run(
        "--course", root, "export", "gradescope-autograder", tmp_path / "a.zip", "--assignment", "jacobians"
    )
    assert code == 1
    assert "manual_jacobian_checks.py" in err
    assert not (tmp_path / "a.zip").exists()


@pytest.mark.slow
@pytest.mark.parametrize("denied", ["", "landlock_create_ruleset"], ids=["landlock", "no-landlock"])
def test_a_submission_is_graded_without_namespaces_with_landlock_or_without(
    place: Path, container_python: Path, denied: str
) -> None:
    wrong = reference("jacobians/linear_layer_jacobian").replace("def linear_layer_jacobian", "def renamed")
    code, results, said = graded(place, container_python, denied, manual_jacobian=RIGHT, linear_layer_jacobian=wrong)
    assert code == 0, said
    of = {
        name: [test for test in results["tests"] if test["name"].startswith(name)]
        for name in ("manual", "linear_layer")
    }
    assert all(test["score"] == test["max_score"] for test in of["manual"])
    assert all(test["score"] == 0 for test in of["linear_layer"])
    assert results["score"] == sum(test["max_score"] for test in of["manual"]) > 0
    assert {test["visibility"] for test in results["tests"]} == {"visible", "after_due_date"}
    layers = said.splitlines()[0]
    assert layers.startswith("ada@example.edu, jacobians: isolated by ")
    assert ("landlock:files" in layers) == (not denied)
    assert {"user", "seccomp", "rlimits"} <= set(layers.partition(" by ")[2].split(", "))


@pytest.mark.slow
@pytest.mark.attack
@pytest.mark.parametrize("denied", ["", "landlock_create_ruleset"], ids=["landlock", "no-landlock"])
def test_a_submission_reads_and_writes_nothing_of_the_courses_or_of_the_results(
    place: Path, container_python: Path, denied: str
) -> None:
    (place / "results" / "stdout").write_text("of the container")
    own = [place / name for name in ("source", "source/course/solutions/jacobians/manual_jacobian_checks.py", "results",
                                     "results/results.json", "submission", "submission_metadata.json")]  # fmt: skip
    names = [*map(str, own), "/etc/shadow", "/root", "/proc/1/environ", f"/proc/{os.getpid()}/environ"]
    code, results, said = graded(
        place, container_python, denied, manual_jacobian=ROBBER.format(places=names, right=RIGHT)
    )
    assert code == 0, said
    assert results["score"] == 0
    assert not (place / "results" / "x").exists()
    assert (place / "results" / "stdout").read_text() == "of the container"
    for path in own:
        assert path.stat().st_mode & 0o077 == 0 or any(above.stat().st_mode & 0o077 == 0 for above in path.parents)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("denied", "told"),
    [
        ("filters", "seccomp missing"),
        ("setresuid", "user or mounts missing"),
        ("setresuid,landlock_create_ruleset", "user or mounts missing"),
    ],
)
def test_without_a_layer_nothing_is_run_and_the_instructor_reads_why(
    place: Path, container_python: Path, denied: str, told: str
) -> None:
    trap = f"open({str(place / 'grader' / 'ran')!r}, 'w').close()\n{RIGHT}"
    (place / "grader").chmod(0o777)
    code, results, said = graded(place, container_python, denied, manual_jacobian=trap)
    assert code == 1
    assert "score" not in json.dumps(results)
    assert told in said
    assert [(test["visibility"], told in test["output"]) for test in results["tests"]] == [("hidden", True)]
    assert "not your fault" in results["output"]
    assert told not in results["output"]
    assert not (place / "grader" / "ran").exists()


@pytest.mark.slow
def test_a_course_that_does_not_compile_costs_nobody_a_score(place: Path, container_python: Path) -> None:
    (place / "source" / "course" / "solutions" / "jacobians" / "manual_jacobian_checks.py").write_text("1 +")
    code, results, _ = graded(place, container_python, manual_jacobian=RIGHT)
    assert code == 1
    assert "score" not in json.dumps(results)
    assert "manual_jacobian_checks.py" in results["tests"][0]["output"]


@pytest.mark.long
def test_setup_makes_an_environment_in_which_a_submission_is_graded(archive: Path) -> None:
    """With the Python of the system, and packages from wherever pip takes them here."""
    version = "python3.11" if shutil.which("python3.11", path="/usr/bin:/usr/local/bin") else "python3"
    if os.geteuid() != 0 or shutil.which(version, path="/usr/bin:/usr/local/bin") is None:
        pytest.skip("setup.sh runs as root, and takes the system's Python")
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        unpacked(archive, place)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        done = subprocess.run(
            ["/bin/bash", place / "source" / "setup.sh"], check=False, capture_output=True, text=True, timeout=550,
            env=environment | {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        code, results, said = graded(place, place / "grader" / "bin" / "python", manual_jacobian=RIGHT)
        assert code == 0, said
        assert results["score"] > 0
        assert (place / "source").stat().st_mode & 0o077 == 0


def test_archives_are_the_same_each_time(run, course: Path, archive: Path, tmp_path: Path) -> None:
    run("--course", course, "export", "gradescope-autograder", tmp_path / "again.zip", "--assignment", "jacobians")
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()
    assert zipfile.ZipFile(io.BytesIO(archive.read_bytes())).testzip() is None
