"""Commands as a person runs them: in a process of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["run_module"]


def run_module(*command: str, root: Path, code: int = 0) -> str:
    """What `python -m` prints for a command in a folder, which must leave with that exit code."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", *command],
        cwd=root, capture_output=True, text=True, check=False, timeout=300, env=dict(os.environ),
    )  # fmt: skip
    assert done.returncode == code, done.stderr[-4000:]
    return done.stdout + done.stderr
