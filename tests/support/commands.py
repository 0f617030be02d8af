"""Commands as a person runs them: in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["processes_below", "run_module"]


def run_module(*command: str, root: Path, code: int = 0) -> str:
    """What `python -m` prints for a command in a folder, which must leave with that exit code."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *command],
        cwd=root, capture_output=True, text=True, check=False, timeout=300, env=dict(os.environ),
    )  # fmt: skip
    assert done.returncode == code, done.stderr[-4000:]
    return done.stdout + done.stderr


def processes_below(process: int, *, but: Collection[int] = ()) -> set[int]:
    """The living processes below one; without those in `but` and what is below them, which may start more of its own at any time."""
    found: set[int] = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        child = int(path.parent.name)
        if int(parent) == process and state != "Z" and child not in but:
            found |= {child, *processes_below(child, but=but)}
    return found
