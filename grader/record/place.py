"""Where a course keeps its record."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from grader.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.model import Course

__all__ = ["FILE", "record_place"]

FILE = "record.sqlite"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def record_place(course: Course) -> str | Path:
    """The path or URL that course.yml says, with `${NAME}` from the environment, so that no password stands there.

    Raises UsageError for a variable that is not set.
    """

    def value(found: re.Match[str]) -> str:
        if found[1] not in os.environ:
            raise UsageError(
                f"course.yml says `record: {course.record}`, and the environment has no {found[1]}: set it, or name the"
                " record with --db"
            )
        return os.environ[found[1]]

    place = _VARIABLE.sub(value, course.record)
    return place if "://" in place else course.root / (place or FILE)
