"""Which nbgrader this integration is made for."""

from __future__ import annotations

import importlib.metadata
import re

from grader.errors import UsageError

__all__ = ["require_nbgrader"]

_OLDEST, _BELOW = (0, 9, 5), (0, 10)
_SUPPORTED = "0.9.5 to 0.9.x"
_INSTALL = "install one with `pip install 'nbgrader>=0.9.5,<0.10'`"


def require_nbgrader() -> str:
    """The version of nbgrader that is installed. Raises UsageError for none, and for an unsupported one."""
    try:
        version = importlib.metadata.version("nbgrader")
    except importlib.metadata.PackageNotFoundError:
        raise UsageError(f"nbgrader is not installed; supported are {_SUPPORTED}: {_INSTALL}") from None
    found = tuple(int(number) for number in re.findall(r"\d+", version)[:3])
    if not _OLDEST <= found < _BELOW:
        raise UsageError(f"nbgrader {version} is not supported; supported are {_SUPPORTED}: {_INSTALL}")
    return version
