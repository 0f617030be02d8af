"""Who is in which team: teams.csv beside course.yml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import UsageError, did_you_mean
from grader.names import shown
from grader.tables import columns_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from grader.course.model import Course

__all__ = ["TEAMS", "Teams", "teams_of", "teams_told"]

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


def teams_told(course: Course, teams: Teams, students: Collection[str]) -> Iterator[str]:
    """What of the teams comes to nothing, of a course that has work for teams: those not there, and names of nobody."""
    for_teams = [assignment.id for assignment in course.assignments if assignment.team]
    if not for_teams:
        return
    if not teams:
        are = "is" if len(for_teams) == 1 else "are"
        yield f"{', '.join(for_teams)} {are} for teams, and {TEAMS} beside course.yml names none: everybody is alone"
    for student in sorted(teams.keys() - set(students)):
        near = did_you_mean(student, sorted(students))
        what = f"{near} What" if near else "; what"
        yield f"{TEAMS} has {shown(student)!r}, of whom nothing is known{what} the team has counts for nobody of that name"
