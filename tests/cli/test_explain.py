"""`grader explain`: all that the instructor is shown of an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

SAMPLE = Path(__file__).parents[1] / "classes" / "sample" / "submitted"
TRANSPOSED = (SAMPLE / "transposed" / "jacobians" / "manual_jacobian.py").read_text(encoding="utf-8")


@pytest.mark.slow
def test_explain_shows_the_instructor_the_hidden_cases(run, course: Path, submitted, tmp_path: Path) -> None:
    """Inputs, expected and returned values, and what the student was told, from the last run's place."""
    place = submitted("bob", manual_jacobian=TRANSPOSED)
    out = tmp_path / "out"
    run("--course", course, "grade", place, "--out", out, "--quiet")
    ran = run("--course", course, "explain", "bob", "manual_jacobian", "--out", out)
    assert ran.code == 0
    for text in (
        "misconception: transposed",
        "(hidden)",
        "x = ",
        "expected",
        "returned",
        "the student was told: Rows are",
    ):
        assert text in ran.out
