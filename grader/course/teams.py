"""Who is in which team: teams.csv beside course.yml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError
from grader.tables import columns_of

if TYPE_CHECKING:
    from grader.course.model import Course

__all__ = ["TEAMS", "Teams", "teams_of"]

TEAMS = "teams.csv"

Teams = dict[str, str]
"""The team of each student who is in one."""


def teams_of(course: Course) -> Teams:
    """The teams of a course; the file's columns are student and team.

    Raises UsageError for a file that cannot be read so, or in which somebody is in two teams.
    """
    path = course.root / TEAMS
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from None
    found: Teams = {}
    for line, row in columns_of(data, str(path), ("student", "team")):
        student, team = row["student"].strip(), row["team"].strip()
        if found.get(student, team) != team:
            raise UsageError(f"{path}:{line}: {student} is in {found[student]} already; keep one team for each student")
        if student and team:
            found[student] = team
    return found
