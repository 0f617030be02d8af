"""GitHub's workflow for the repository that students start from: its steps run on what a release holds."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from repository import reference


@pytest.mark.slow
def test_the_check_of_the_workflow_runs_in_a_release_and_writes_the_summary(run, course: Path, tmp_path: Path) -> None:
    assert run("--course", course, "release", tmp_path / "students").code == 0
    place = tmp_path / "students" / ".github" / "workflows" / "check.yml"
    code, _, err = run("--course", course, "export", "github-workflow", "--out", place)
    assert code == 0, err
    found = yaml.safe_load(place.read_text(encoding="utf-8"))
    assert found["permissions"] == {"contents": "read"}
    install, check = (step["run"] for step in found["jobs"]["check"]["steps"] if "run" in step)
    assert list((tmp_path / "students").glob(install.rpartition(" ")[2]))
    answer = tmp_path / "students" / "jacobians" / "manual_jacobian.py"
    answer.write_text(reference("jacobians/manual_jacobian"), encoding="utf-8")
    page = tmp_path / "summary.md"
    page.write_text("before\n")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["/bin/sh", "-c", check], cwd=tmp_path / "students", capture_output=True, text=True, check=False, timeout=120,
        env=os.environ | {"PATH": path, "GITHUB_STEP_SUMMARY": str(page)},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr  # the other exercise is still to be done
    assert page.read_text(encoding="utf-8").startswith("before\n### Public examples\n")
    assert "| manual\\_jacobian | accepted |" in page.read_text(encoding="utf-8")
    assert "| predict\\_jacobian\\_shapes | not attempted |" in page.read_text(encoding="utf-8")


def test_a_workflow_of_an_assignment_checks_that_and_installs_what_the_course_allows(run, course: Path) -> None:
    text = (course / "course.yml").read_text()
    (course / "course.yml").write_text(
        text.replace("[predict_jacobian_shapes]", "[{id: predict_jacobian_shapes, imports: [scipy.special]}]")
    )
    code, out, err = run("--course", course, "export", "github-workflow", "--assignment", "shapes")
    assert code == 0, err
    steps = yaml.safe_load(out)["jobs"]["check"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == [
        "python -m pip install --quiet ./*.whl scipy", 'grader check shapes --summary "$GITHUB_STEP_SUMMARY"',
    ]  # fmt: skip
