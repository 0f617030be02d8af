"""Who is in which team: teams.csv beside course.yml."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from grader.errors import UsageError

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
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}); save it as CSV in UTF-8") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if missing := {"student", "team"} - set(rows.fieldnames or ()):
        raise UsageError(f"{path} has no column {' and none '.join(sorted(missing))}; its first line is student,team")
    found: Teams = {}
    for row in rows:
        student, team = (row["student"] or "").strip(), (row["team"] or "").strip()
        if found.get(student, team) != team:
            raise UsageError(
                f"{path}:{rows.line_num}: {student} is in {found[student]} already; keep one team for each student"
            )
        if student and team:
            found[student] = team
    return found
