"""`grader verify`: what an author sees. What it proves is in tests/verify."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


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
