"""Functions that cross as source: what a course's `def` defines, on either side of the pipe."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["compiled"]


@functools.cache
def compiled(source: str) -> Callable[..., Any]:
    """The function that a `def` statement of the course defines; it sees its arguments, built-ins and numpy as `np`."""
    namespace: dict[str, Any] = {"np": np}
    exec(compile(f"from __future__ import annotations\n{source}", "<course>", "exec"), namespace)  # noqa: S102
    function: Callable[..., Any] = next(thing for thing in reversed(namespace.values()) if callable(thing))
    return function
