"""The configuration that is shipped and documented: without the judge in its place nothing that a student wrote runs."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from traitlets.config import Config

from grader.errors import UsageError
from grader.nbgrader import configure
from repository import ROOT

NBGRADER = Path(sys.executable).with_name("nbgrader")
TWO_LINES = "from grader.nbgrader import configure\nconfigure(c, course={course!r})\n"
TOKEN = "configuration-test"  # noqa: S105  of a server that lives as long as the test


@pytest.fixture
def canary(nb, students) -> Path:
    """What a submission would write if its code ran in a kernel: nothing is there until it does."""
    place = nb.root.parent / "CANARY"
    answer = f"import pathlib\npathlib.Path({str(place)!r}).write_text('ran')\n"
    notebook = nb.answered("activations", **students["right"])
    for cell in notebook.cells:
        if cell.metadata.nbgrader.grade_id == "solution-sigmoid_grad":
            cell.source = f"{answer}{cell.source}"
    nb.submit("mallory", "activations", notebook)
    return place


def shadowed_by_a_file(root: Path) -> None:
    (root / "grader.py").write_text("x = 1\n")


def shadowed_by_a_package(root: Path) -> None:
    (root / "grader").mkdir()
    (root / "grader" / "__init__.py").write_text("")


def shadowed_by_a_package_with_a_module_of_that_name(root: Path) -> None:
    shadowed_by_a_package(root)
    (root / "grader" / "nbgrader.py").write_text("def configure(*_, **__): pass\n")


def of_an_unknown_word(root: Path) -> None:
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("configure(c, ", "configure(c, plain_cells='run', "))


FAULTS = [
    shadowed_by_a_package_with_a_module_of_that_name, of_an_unknown_word,
    pytest.param(shadowed_by_a_file, marks=pytest.mark.long), pytest.param(shadowed_by_a_package, marks=pytest.mark.long),
]  # fmt: skip


def autograde(root: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [str(NBGRADER), "autograde", "activations", *more]
    return subprocess.run(
        command, cwd=root, capture_output=True, text=True, check=False, timeout=300, env=dict(os.environ)
    )


@pytest.mark.parametrize("fault", FAULTS)
def test_nbgrader_ends_and_runs_nothing_where_the_judge_is_not_in_place(nb, canary, fault) -> None:
    fault(nb.root)
    done = autograde(nb.root)
    assert done.returncode != 0
    assert "nbgrader_config.py: " in done.stderr
    assert not canary.exists()
    assert not (nb.root / "autograded").exists()


def test_the_canary_is_written_where_a_student_s_code_does_run(nb, canary) -> None:
    """So that the test above can fail."""
    (nb.root / "nbgrader_config.py").write_text("c = get_config()\n")
    autograde(nb.root)
    assert canary.read_text() == "ran"


def test_the_two_lines_of_earlier_versions_grade_as_they_did(nb, canary, students) -> None:
    course = os.path.relpath(nb.root.parent, nb.root)
    (nb.root / "nbgrader_config.py").write_text(f"c = get_config()\n{TWO_LINES.format(course=course)}")
    done = autograde(nb.root)
    assert done.returncode == 0, done.stderr[-4000:]
    assert sum(nb.scores("activations")["mallory"].values()) == sum(students["right"]["scores"])
    assert not canary.exists()


def test_the_two_lines_end_nbgrader_where_their_words_are_wrong(nb, canary) -> None:
    """A configuration that raises is only a line in nbgrader's log."""
    (nb.root / "nbgrader_config.py").write_text(
        "c = get_config()\nfrom grader.nbgrader import configure\nconfigure(c, plain_cells='run')\n"
    )
    done = autograde(nb.root)
    assert done.returncode == 1
    assert "plain_cells is 'run'; known are 'refuse' and 'execute'" in done.stderr
    assert not canary.exists()


def test_the_documented_configuration_is_the_one_that_is_written(nb) -> None:
    page = (ROOT / "docs" / "nbgrader.md").read_text(encoding="utf-8")
    (documented,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    written = (nb.root / "nbgrader_config.py").read_text()
    assert re.sub(r"course='.*?'", 'course="../course"', written) == documented


@pytest.mark.long
@pytest.mark.parametrize("fault", [shadowed_by_a_file, of_an_unknown_word])
def test_a_jupyter_server_goes_on_without_formgrader(nb, canary, fault) -> None:
    fault(nb.root)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-P", "-W", "ignore", "-m", "jupyter_server", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={nb.root}",
        "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
    ]  # fmt: skip
    log = nb.root.parent / "server.log"
    with log.open("w") as file:
        server = subprocess.Popen(command, cwd=nb.root, stdout=file, stderr=file, env=dict(os.environ))

    def status(path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}?token={TOKEN}", timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    try:
        for _ in range(120):
            try:
                assert status("/api") == 200
                break
            except OSError:
                assert server.poll() is None, log.read_text()[-4000:]
                time.sleep(0.5)
        assert status("/formgrader/manage_assignments") == 404
        assert status("/formgrader/api/submission/activations/mallory/autograde") == 404
        assert status("/api/status") == 200
        assert server.poll() is None
        assert "formgrader | extension failed loading with message: " in log.read_text()
        assert re.search(r"(course's judge is not in place|plain_cells is 'run')", log.read_text())
    finally:
        server.terminate()
        server.wait(30)
    assert not canary.exists()


def test_configuring_outside_of_nbgrader_raises() -> None:
    with pytest.raises(UsageError, match="known are 'refuse' and 'execute'"):
        configure(Config(), plain_cells="run")
