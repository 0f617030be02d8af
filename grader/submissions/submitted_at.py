"""When something was handed in: what nbgrader wrote down, else when the file was last written. Either may be forged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from grader.submissions.files import read_file

if TYPE_CHECKING:
    import os
    from pathlib import Path

__all__ = ["MAX_TIMESTAMP", "TIMESTAMP", "by_clock", "in_utc", "last_modified", "moment", "written_down"]

TIMESTAMP = "timestamp.txt"
MAX_TIMESTAMP = 4096


def written_down(path: Path) -> str:
    """The moment that nbgrader wrote down, in UTC; empty where there is none that can be read."""
    try:
        data = read_file(path, MAX_TIMESTAMP)
        return moment("" if len(data) > MAX_TIMESTAMP else data.decode())
    except (OSError, ValueError):
        return ""


def moment(text: str) -> str:
    """A time that somebody wrote, in UTC; empty where it is none."""
    text = text.strip().removesuffix("UTC").removesuffix("GMT").rstrip()
    before, _, offset = text.rpartition(" ")
    try:
        found = datetime.fromisoformat(before.rstrip() + offset if offset.startswith(("+", "-", "Z")) else text)
        # nbgrader and Gradescope's older exports take a time without a zone for UTC.
        return in_utc(found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return ""


def last_modified(status: os.stat_result) -> str:
    """When a file was last written, as `by_clock` has it."""
    return by_clock(status.st_mtime)


def by_clock(seconds: float) -> str:
    """A time in seconds since 1970, in UTC; empty for one beyond the calendar, which a file may well claim."""
    try:
        return in_utc(datetime.fromtimestamp(seconds, UTC))
    except (OSError, ValueError, OverflowError):
        return ""


def in_utc(moment: datetime) -> str:
    """A time in UTC, as it is kept: ISO 8601, to the second, with a Z."""
    return moment.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
