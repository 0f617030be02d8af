"""When, and who."""

from __future__ import annotations

import getpass
import os
from datetime import UTC, datetime

__all__ = ["moment_or_ever", "now", "who"]


def now() -> str:
    """The moment in UTC, ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def who() -> str:
    """Who runs this process; a number where the machine has no name for it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def moment_or_ever(text: str) -> datetime:
    """A time as records have it; for none, that before all others."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
