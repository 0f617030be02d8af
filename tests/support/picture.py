"""docs/grade.svg: what `grader grade` prints of some of the students that `make demo` grades.

python tests/support/picture.py docs/grade.svg
"""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from repository import ROOT, SAMPLE

__all__ = ["drawn", "printed"]

STUDENTS = (
    "Ada Lovelace", "columns-swapped", "cross-entropy-shortcut", "half-done", "imports-torch", "infinite-loop", "no-relu-mask",
    "notebook", "right-loops", "right-newer-exercises", "segfault", "transposed",
)  # fmt: skip


def printed() -> str:
    """What the command writes to its standard output, in colour."""
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run(
            [sys.executable, "-m", "grader.cli", "--course", str(ROOT), "grade", str(SAMPLE / "submitted"), "--out", out, "--db", f"{out}/record.sqlite"]
            + [word for name in STUDENTS for word in ("--student", name)],
            capture_output=True, check=True, text=True, env=os.environ | {"FORCE_COLOR": "1", "COLUMNS": "132"},
        )  # fmt: skip
        return done.stdout.replace(out, "results/class")


def drawn(text: str) -> str:
    """A picture of it, which loads no font from elsewhere."""
    screen = Console(record=True, width=132, file=io.StringIO(), force_terminal=True)
    screen.print(Text.from_ansi(text))
    picture = screen.export_svg(title="grader grade results/class/submitted --out results/class")
    picture = re.sub(r"@font-face \{.*?\}\s*", "", picture, flags=re.DOTALL)
    return picture.replace("Fira Code, monospace", "ui-monospace, Menlo, Consolas, monospace")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(drawn(printed()), encoding="utf-8")
