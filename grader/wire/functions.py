"""Functions that cross as source: what a course's `def` defines, on either side of the pipe."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["COURSE_CODE", "FIRST_LINE", "compiled"]

COURSE_CODE = "<course>"
"""What tracebacks call the file of such a function."""
FIRST_LINE = 2
"""The line on which its source begins there."""


@functools.cache
def compiled(source: str) -> Callable[..., Any]:
    """The function that a `def` statement of the course defines; it sees its arguments, built-ins and numpy as `np`."""
    namespace: dict[str, Any] = {"np": np}
    exec(compile(f"from __future__ import annotations\n{source}", COURSE_CODE, "exec"), namespace)  # noqa: S102
    function: Callable[..., Any] = next(thing for thing in reversed(namespace.values()) if callable(thing))
    return function
