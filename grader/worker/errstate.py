"""numpy's ways to silence floating-point errors, which do nothing while a strict call runs. In the child.

A check that says `errstate="raise"` claims that a formula overflows nowhere. Honest code often brings its own
`with np.errstate(all="ignore")`, and would not be held to the claim. What goes round this on purpose (another module's
reference, a computation without numpy) is as free as before: it is no layer of the sandbox.
"""

from __future__ import annotations

import contextlib
import functools
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

__all__ = ["install", "strict"]

_errstate, _seterr = np.errstate, np.seterr
_strict = False


@contextlib.contextmanager
def strict() -> Iterator[None]:
    """Overflow, division by zero and invalid operations raise; underflow may happen in a right answer."""
    global _strict  # noqa: PLW0603  of the one call that runs
    with _errstate(over="raise", divide="raise", invalid="raise", under="ignore"):
        _strict = True
        try:
            yield
        finally:
            _strict = False


def _of_numpy(scope: dict[str, Any]) -> bool:
    """Whether it is numpy's own code that asks, which works with errors ignored."""
    return str(scope.get("__name__")).partition(".")[0] == "numpy"


class _Errstate(np.errstate):
    """numpy's, but that it changes nothing while a strict call runs, for other code than numpy's."""

    def __enter__(self) -> None:
        self._entered = not _strict or _of_numpy(sys._getframe(1).f_globals)  # noqa: SLF001
        if self._entered:
            super().__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        if self._entered:
            super().__exit__(kind, error, trace)

    def __call__(self, function: Any) -> Any:
        held = super().__call__(function)
        if _of_numpy(getattr(function, "__globals__", {})):
            return held

        @functools.wraps(function)
        def inner(*args: Any, **kwargs: Any) -> Any:
            return (function if _strict else held)(*args, **kwargs)

        return inner


@functools.wraps(_seterr)
def _set(*args: Any, **kwargs: Any) -> Any:
    if _strict and not _of_numpy(sys._getframe(1).f_globals):  # noqa: SLF001
        return np.geterr()
    return _seterr(*args, **kwargs)


def install() -> None:
    """Put these in numpy's place, for all that is imported from now on."""
    _Errstate.__name__ = _Errstate.__qualname__ = "errstate"
    _Errstate.__module__, _Errstate.__doc__ = "numpy", _errstate.__doc__
    np.errstate = _Errstate  # type: ignore[misc]
    np.seterr = _set
