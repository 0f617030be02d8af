"""nbgrader's course directory, whose times are read as files that a student wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from grader.errors import UsageError
from grader.submissions.files import read_file
from grader.submissions.submitted_at import MAX_TIMESTAMP, TIMESTAMP

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["CarefulCourseDirectory"]


class CarefulCourseDirectory(CourseDirectory):
    """A course directory in which a timestamp that is a pipe holds nobody up, and one that is none names itself."""

    @classmethod
    def of(cls, other: Any) -> CarefulCourseDirectory:
        """The same course directory as another."""
        given = {name: getattr(other, name) for name in other.trait_names(config=True)}
        return cls(config=other.config, parent=other.parent, **given)

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """The time that a submission's folder says; None where it says none. Raises UsageError for what is no time."""
        path = Path(dest_path, TIMESTAMP)
        try:
            data = read_file(path, MAX_TIMESTAMP)
            text = data.decode().strip()
            if not text:
                return None
            found: datetime = parse_utc(text)
        except FileNotFoundError:
            return None
        except Exception:  # noqa: BLE001  dateutil fails in many ways on a text that is no time
            raise UsageError(f"{path} is no date and time; write it as 2027-03-01 23:59:00 UTC") from None
        return found
