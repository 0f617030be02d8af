"""A course of one exercise, `gate`, that a test writes."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["HEAD", "LAYER", "make", "scalar"]

HEAD = """\
import numpy as np
from grader import check, derivative_of, misconception, oracle
"""
LAYER = "z = W @ x\nreturn np.where(z[:, None] > 0, W, 0.0)"
"""The Jacobian of relu(W x): three mutants are as right as it where no pre-activation is near 0."""


def make(tmp_path: Path, checks: str, body: str = LAYER, arguments: str = "W, x", *, marked: bool = False) -> Path:
    """Write a course of one exercise, `gate`, and give its root; the whole body is the solution unless it is marked."""
    folder = tmp_path / "course" / "solutions" / "first"
    folder.mkdir(parents=True)
    (tmp_path / "course" / "course.yml").write_text(
        "title: T\nseed: 1\nassignments:\n  - id: first\n    title: First\n    exercises: [gate]\n", encoding="utf-8"
    )
    region = indent(body if marked else f"### BEGIN SOLUTION\n{body}\n### END SOLUTION", "    ")
    (folder / "gate.py").write_text(
        f'"""Task."""\nimport numpy as np\n\n\ndef gate({arguments}):\n    """Return it."""\n{region}\n',
        encoding="utf-8",
    )
    (folder / "gate_checks.py").write_text(checks, encoding="utf-8")
    return tmp_path / "course"


def scalar(claims: str, *cases: str, points: float = 1) -> str:
    """Checks of a function of x with these cases, and what `claims` adds."""
    lines = "".join(f"    yield {case}\n" for case in cases)
    return f'{HEAD}\n@check(points={points}, public=True)\ndef numbers(rng):\n    """gives it"""\n{lines}\n{claims}'
