"""Open a record: make it where there is none, bring an older one up to date, refuse what is another's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from grader.errors import UsageError
from grader.record.clock import now, who
from grader.record.database import PATIENCE, Database
from grader.record.record import Record
from grader.record.schema import HEAD, VERSIONS, act, course, make

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["open_record", "rename_record"]


def open_record(place: str | Path, title: str, *, must_exist: bool = False, patience: float = PATIENCE) -> Record:
    """The record at a path or a URL, of the course with that title; a new one where there is none.

    Raises UsageError where it cannot be used, is another course's or a newer grader's, or `must_exist` and does not.
    """
    database = Database(place, patience)
    try:
        _prepare(database, title, must_exist=must_exist)
        _require_title(database, title)
    except BaseException:
        database.close()
        raise
    return Record(database)


def _require_title(database: Database, title: str) -> None:
    with database.reading() as connection:
        found = connection.execute(sa.select(course.c.title)).scalar_one()
    if found != title:
        raise UsageError(
            f"{database.name} is the record of {found!r}, not of {title!r}: name another with --db, or, if the course was "
            "renamed, run `grader record rename`"
        )


def rename_record(place: str | Path, title: str, why: str) -> str:
    """Make a record that of a course with a new title; the earlier one. Raises UsageError as `open_record` does."""
    database = Database(place)
    try:
        _prepare(database, title, must_exist=True)
        with database.writing() as connection:
            before: str = connection.execute(sa.select(course.c.title)).scalar_one()
            if before != title:
                connection.execute(course.update().values(title=title))
                details = msgspec.json.encode({"before": before, "after": title}).decode()
                connection.execute(act.insert().values(at=now(), who=who(), why=why, kind="rename", details=details))
        return before
    finally:
        database.close()


def _prepare(database: Database, title: str, *, must_exist: bool) -> None:
    """See to it that there is a record of this version. Raises UsageError, and then has changed nothing."""
    if must_exist and not database.exists:
        raise UsageError(_absent(database))
    database.require_sound()
    with database.reading() as connection:
        version = _version(connection, database)
    if version != HEAD:
        if must_exist and not version:
            raise UsageError(_absent(database))
        _bring_up_to_date(database, title)
    database.let_readers_in()


def _absent(database: Database) -> str:
    return f"there is no record at {database.name} yet: run `grader grade SUBMITTED` first, or name another with --db"


def _version(connection: sa.Connection, database: Database) -> str:
    """The version of a record; empty where there is nothing at all. Raises UsageError for what is something else."""
    tables = sa.inspect(connection).get_table_names()
    if VERSIONS in tables:
        return str(connection.execute(sa.select(sa.column("version_num")).select_from(sa.table(VERSIONS))).scalar_one())
    if tables:
        raise UsageError(
            f"{database.name} is a database, but not a record of this grader (it has a table {min(tables)!r}): "
            "name another with --db"
        )
    return ""


def _bring_up_to_date(database: Database, title: str) -> None:
    with database.writing() as connection:
        # Once more: another process may just have done it.
        version = _version(connection, database)
        if not version:
            make(connection)
            connection.execute(course.insert().values(title=title, created_at=now()))
        elif version != HEAD:
            _upgrade(connection, version, database)


def _upgrade(connection: sa.Connection, version: str, database: Database) -> None:
    from grader.record.upgrading import known_versions, upgrade  # noqa: PLC0415  seldom needed, and slow to import

    if version not in known_versions():
        raise UsageError(
            f"{database.name} was written by a newer grader (version {version} of the record; this one knows up to "
            f"{HEAD}): update the grader, or name another record with --db"
        )
    upgrade(connection)
