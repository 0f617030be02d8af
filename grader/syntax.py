"""Python text as a tree, in one thread at a time."""

from __future__ import annotations

import ast
import threading

__all__ = ["parse"]

_ONE = threading.Lock()
"""Until 3.11.8 and 3.12.1 Python counted the depth of all trees in one place, so that two threads raised SystemError now and then."""


def parse(text: str) -> ast.Module:
    """The tree of a program. Raises SyntaxError, ValueError, RecursionError and MemoryError, as ast.parse does."""
    with _ONE:
        return ast.parse(text)
