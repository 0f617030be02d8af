"""`grader hint`: one hint at a time."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def test_hints_come_one_at_a_time(run, course: Path, tmp_path: Path) -> None:
    """From the first to the last, which then stays; without hints there is a sentence."""
    checks = course / "solutions" / "jacobians" / "manual_jacobian_checks.py"
    text = re.sub(r"^hints = \[.*?^\]\n", "", checks.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    checks.write_text(text + '\nhints = ["look at rows", "look at columns"]\n', encoding="utf-8")
    shapes = course / "solutions" / "shapes" / "predict_jacobian_shapes_checks.py"
    shapes.write_text(shapes.read_text(encoding="utf-8") + "\nhints = []\n", encoding="utf-8")
    tree = tmp_path / "tree"
    run("--course", course, "release", tree)
    shown = [run("--course", tree, "hint", "manual_jacobian").out for _ in range(3)]
    assert shown == [
        "manual_jacobian, hint 1 of 2: look at rows\n",
        "manual_jacobian, hint 2 of 2: look at columns\n",
        "manual_jacobian, hint 2 of 2: look at columns\n",
    ]
    assert json.loads(run("--course", tree, "hint", "manual_jacobian", "--json").out)["total"] == 2
    assert "there is no hint" in run("--course", tree, "hint", "predict_jacobian_shapes").out
    assert run("--course", tree, "hint", "manual_jacobain").code == 2
