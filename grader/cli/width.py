"""How wide standard output is."""

from __future__ import annotations

import os
import sys

__all__ = ["columns"]


def columns(otherwise: int) -> int:
    """By COLUMNS, else as the terminal is; `otherwise` of a file or a pipe, which has no width of its own.

    As shutil has it, which takes longer to import than a command that is asked for its help.
    """
    named = os.environ.get("COLUMNS", "")
    if named.isdecimal() and int(named):
        return int(named)
    try:
        return os.get_terminal_size(sys.stdout.fileno()).columns or otherwise
    except (OSError, ValueError):
        return otherwise
