"""Grade neural-network calculus: student code is run apart and returns values, never verdicts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = ["check", "derivative_of", "misconception", "oracle"]
__version__ = "0.1.0"

if TYPE_CHECKING:
    from grader.course.checks import check, derivative_of, misconception, oracle
else:

    def __getattr__(name: str) -> object:
        """What authors use is imported when it is asked for: the command and each worker begin here, and need none of it."""
        if name not in __all__:
            raise AttributeError(f"module 'grader' has no attribute {name!r}")
        return getattr(import_module("grader.course.checks"), name)
