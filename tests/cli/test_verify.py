"""`grader verify`: what an author sees. What it proves is in tests/verify."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

INSTALLED = Path(sys.executable).with_name("grader")


@pytest.mark.slow
def test_exercises_are_verified_by_name_with_a_bar_on_a_terminal(
    run, course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the order asked for; exit code 1, since these have no stubs yet, and 0 once they have."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    names = ["predict_jacobian_shapes", "manual_jacobian"]
    ran = run("--course", course, "verify", *names, "--json")
    found = json.loads(ran.out)["exercises"]
    assert (ran.code, [each["exercise"] for each in found]) == (1, names)
    assert all("run `grader release exercises`" in each["faults"][-1] for each in found)
    assert "verifying" in ran.err
    assert "2/2" in ran.err
    assert run("--course", course, "release", course / "exercises").code == 0
    monkeypatch.delenv("FORCE_COLOR")
    monkeypatch.chdir(course)
    ran = run("verify", "manual_jacobian")
    assert (ran.code, "proven" in ran.out, ran.err) == (0, True, "")


@pytest.mark.slow
@pytest.mark.usefixtures("interruptible")
def test_a_reference_that_never_ends_can_be_interrupted(course: Path, tmp_path: Path) -> None:
    """By one Ctrl-C, though it runs in a thread of its own."""
    path = course / "solutions" / "jacobians" / "manual_jacobian.py"
    begun = tmp_path / "begun"
    endless = f"import pathlib\npathlib.Path({str(begun)!r}).touch()\nwhile True:\n    pass\n"
    path.write_text(path.read_text(encoding="utf-8") + endless, encoding="utf-8")
    command: list[str | Path] = [INSTALLED, "--course", course, "verify", "manual_jacobian"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not begun.exists() and process.poll() is None:
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, "interrupted" in said) == (130, True)
