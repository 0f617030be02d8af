"""`grader extend` and `grader excuse`: later due dates and assignments that do not count, for one student or team or out of a file."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click
import msgspec

from grader.cli.common import MOMENT, moment_of, whole_course
from grader.cli.recorded import record_of, record_option
from grader.course.teams import teams_of
from grader.errors import UsageError, did_you_mean
from grader.names import shown
from grader.record.decisions import EXCUSE, EXTEND
from grader.tables import columns_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from grader.course.model import Course
    from grader.record.record import Record

__all__ = ["excuse", "extend"]

_COLUMNS = ("who", "assignment", "until", "why")


class _Given(msgspec.Struct, frozen=True):
    """One extension."""

    who: str
    assignment: str
    until: datetime
    why: str


@click.command(
    epilog="""\b
Examples:
  grader extend alice backprop --days 3 --why "ill, certificate of 2 March"
  grader extend red-team backprop --until 2027-03-08T23:59:00+01:00 --why "server was down"
  grader extend --from extensions.csv            its columns: who, assignment, until, why
"""
)
@click.argument("who", required=False)
@click.argument("assignment", required=False)
@click.option("--until", metavar="TIME", help=f"The new due date, such as {MOMENT}.")
@click.option("--days", type=click.FloatRange(min=0, min_open=True, max=366), help="So many days after the due date.")
@click.option("--why", default="", help="What the record says of it.")
@click.option(
    "--from", "table", type=click.Path(path_type=Path, dir_okay=False), help="Take extensions out of a CSV file."
)
@record_option
@click.pass_context
def extend(  # noqa: PLR0913  one argument for each option
    context: click.Context, who: str | None, assignment: str | None, *, until: str | None, days: float | None, why: str,
    table: Path | None, db: str | None,
) -> int:  # fmt: skip
    """Give WHO, a student or a team, until later for ASSIGNMENT. An extension only ever moves a due date on."""
    course = whole_course(context)
    if table is not None:
        if who or assignment or until or days:
            raise UsageError("--from names who, which assignment and until when: leave WHO, --until and --days out")
    elif not who or not assignment or (until is None) == (days is None):
        raise UsageError("name WHO and ASSIGNMENT, and one of --until TIME and --days N; or --from a file")
    with record_of(course, db) as record:
        known = _names(course, record)
        if table is not None:
            given = _of_table(course, table, known)
        else:
            given = [_of_words(course, known, who or "", assignment or "", why, until, days)]
        for each in given:
            details = {"who": each.who, "assignment": each.assignment, "until": each.until.isoformat()}
            record.act(EXTEND, each.why, details)
            click.echo(f"{shown(each.who)} has until {each.until.isoformat()} for {each.assignment}")
    return 0


@click.command(
    epilog="""\b
Examples:
  grader excuse alice backprop --why "on exchange until April"
  grader excuse alice backprop --withdraw
"""
)
@click.argument("who")
@click.argument("assignment")
@click.option("--why", default="", help="What the record says of it.")
@click.option("--withdraw", is_flag=True, help="Take it back.")
@record_option
@click.pass_context
def excuse(  # noqa: PLR0913  one argument for each option
    context: click.Context, who: str, assignment: str, *, why: str, withdraw: bool, db: str | None
) -> int:
    """Leave ASSIGNMENT out of the term of WHO, a student or a team: out of the points, and out of the maximum."""
    course = whole_course(context)
    course.assignment(assignment)
    with record_of(course, db) as record:
        _require_known(who, _names(course, record))
        record.act(EXCUSE, why, {"who": who, "assignment": assignment, "withdrawn": withdraw})
    click.echo(f"{shown(who)} is {'not excused any more' if withdraw else 'excused'} from {assignment}")
    return 0


def _names(course: Course, record: Record) -> frozenset[str]:
    """Whom an extension can be for: students and teams."""
    teams = teams_of(course)
    return record.students | frozenset(teams) | frozenset(teams.values())


def _require_known(who: str, known: Collection[str]) -> None:
    if who not in known:
        near = did_you_mean(who, sorted(known))
        raise UsageError(f"there is no student or team {who!r} in the record or teams.csv{near}")


def _of_words(  # noqa: PLR0913
    course: Course, known: Collection[str], who: str, assignment: str, why: str, until: str | None,
    days: float | None = None,
) -> _Given:  # fmt: skip
    """An extension as it was typed. Raises UsageError where it is none."""
    end = _until(course, assignment, until, days)
    _require_known(who, known)
    return _Given(who, assignment, end, why)


def _until(course: Course, assignment: str, until: str | None, days: float | None) -> datetime:
    """The new due date, which is after the old one."""
    due = course.assignment(assignment).due
    if due is None:
        raise UsageError(f"{assignment} has no due date in course.yml: there is nothing to extend")
    if until is None:
        return due + timedelta(days=days or 0)
    moment = moment_of(until)
    if moment <= due:
        raise UsageError(f"{until} is not after the due date of {assignment}, {due.isoformat()}")
    return moment


def _of_table(course: Course, path: Path, known: Collection[str]) -> list[_Given]:
    """The extensions in a file. Raises UsageError, with every problem a line."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from None
    given: list[_Given] = []
    problems: list[str] = []
    for line, row in columns_of(data, str(path), _COLUMNS, optional=("why",)):
        who, assignment, until, why = (row[column].strip() for column in _COLUMNS)
        try:
            given.append(_of_words(course, known, who, assignment, why, until))
        except UsageError as error:
            problems.append(f"{path}:{line}: {error}")
    if problems:
        raise UsageError("\n".join(problems))
    return given
