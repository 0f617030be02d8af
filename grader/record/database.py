"""The database of a record: where it is, its two kinds of transactions, and what is said where it cannot be used."""

from __future__ import annotations

import contextlib
import os
import socket
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from grader.errors import UsageError
from grader.record.holders import holder_of_file

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PATIENCE", "Database"]

PATIENCE = 30.0
"""How many seconds a transaction waits for that of another process."""
_CONNECTING = 10
"""How many seconds a server may take to answer."""
_LOCK = 0x67726164
"""The number of the lock that a writer holds in a server: one writes at a time, as in a file."""


class Database:
    """A file of SQLite's, or a database in a PostgreSQL server; from now on both are used alike.

    What cannot be done in it is a UsageError that says what to do, and changes nothing.
    """

    def __init__(self, place: str | Path, patience: float = PATIENCE) -> None:
        """`place` is a path or a URL. Raises UsageError where no database can be there; a file may be made later."""
        url = _url(place)
        self._patience = patience
        self.path = None if url.drivername != "sqlite" else Path(url.database or "")
        self.name = str(self.path) if self.path else url.render_as_string(hide_password=True)
        self._engine = self._of_file(self.path) if self.path else self._of_server(url)

    def _of_file(self, path: Path) -> sa.Engine:
        if path.is_dir():
            raise UsageError(f"{path} is a folder, not a record: name a file with --db")
        if not path.parent.is_dir():
            raise UsageError(f"the record {path} cannot be made: there is no folder {path.parent}")
        # Transactions are begun by us: sqlite3 itself would begin one at the first change, too late to be safe.
        engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)),
            connect_args={"timeout": self._patience, "isolation_level": None},
        )
        sa.event.listen(engine, "connect", _with_foreign_keys)
        sa.event.listen(engine, "begin", _begin)
        return engine

    def _of_server(self, url: sa.URL) -> sa.Engine:
        try:
            # READ COMMITTED: who has waited for the lock sees what the one before has written.
            return sa.create_engine(
                url, isolation_level="READ COMMITTED", pool_pre_ping=True,
                connect_args={
                    "connect_timeout": _CONNECTING,
                    "client_encoding": "utf8",
                    "application_name": f"grader, process {os.getpid()} on {socket.gethostname()}",
                },
            )  # fmt: skip
        except ModuleNotFoundError:
            raise UsageError("a record in PostgreSQL needs psycopg: pip install 'psycopg[binary]'") from None

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """What is in the database at one moment. Raises UsageError."""
        with self._explained(), self._engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, lasting: bool = True) -> Iterator[sa.Connection]:
        """A transaction that is the only one that writes: what it has read stays true until it ends. Raises UsageError.

        What is not `lasting` may be lost with the machine's power, until a lasting one follows or `settle`: waiting for the disk takes
        longer than writing.
        """
        with self._explained(), self._engine.connect() as connection:
            connection.execution_options(writing=True)
            if self.path:
                _run(connection, f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
            with connection.begin():
                if not self.path:
                    settings = {"lock_timeout": f"{round(1000 * self._patience)}ms"}
                    settings |= {} if lasting else {"synchronous_commit": "off"}
                    for name, value in settings.items():
                        connection.execute(sa.select(sa.func.set_config(name, value, True)))  # noqa: FBT003
                    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
                yield connection

    def settle(self) -> None:
        """Wait for the disk: what was written before stays, also without power. Raises UsageError, OSError."""
        if self.path:
            with contextlib.suppress(FileNotFoundError), _log_of(self.path).open("r+b") as log:
                os.fsync(log.fileno())
            return
        with self.writing() as connection:
            # A transaction that changes nothing has no commit to wait for.
            connection.execute(sa.select(sa.func.txid_current()))

    @property
    def exists(self) -> bool:
        """Whether there is anything; a server says so only when it is asked."""
        return self.path is None or self.path.is_file()

    def require_sound(self) -> None:
        """Find out what would be noticed late, or not at all. Raises UsageError, also as every transaction does."""
        if not self.exists:
            return
        with self.reading() as connection:
            if self.path:
                connection.execute(sa.text("PRAGMA schema_version"))  # reads the head: whether it is a database at all
                page = connection.execute(sa.text("PRAGMA page_size")).scalar_one()
                log = _log_of(self.path)
                # Within a page SQLite misses that the end is cut off; with a log beside it, it may be still to come.
                if self.path.stat().st_size % page and not (log.exists() and log.stat().st_size):
                    raise UsageError(self._damaged("it was cut off"))
            elif (encoding := connection.execute(sa.text("SHOW server_encoding")).scalar_one()) != "UTF8":
                raise UsageError(
                    f"{self.name} is a database in {encoding}, and what students write needs UTF8: "
                    "make one with createdb --encoding UTF8 --template template0"
                )

    def let_readers_in(self) -> None:
        """Let a file be read while it is written (WAL), for good; a server does so anyway. Raises UsageError."""
        if not self.path:
            return
        until = time.monotonic() + self._patience
        while True:
            try:
                with self._explained(), self._engine.connect() as connection:
                    if _run(connection, "PRAGMA journal_mode") != ("wal",):
                        _run(connection, "PRAGMA journal_mode=WAL")
                    return
            except _LockedError:
                # SQLite does not wait for this by itself.
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)

    def close(self) -> None:
        """Let go of it; the last to do so leaves one file."""
        self._engine.dispose()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if (explained := self._explanation(error.orig)) is None:
                raise
            raise explained from error
        except sqlite3.Error as error:
            if (explained := self._explanation(error)) is None:
                raise
            raise explained from error

    def _explanation(self, error: BaseException | None) -> UsageError | None:
        """What to say of an error of the database's; None where it is one of ours."""
        if isinstance(error, sqlite3.Error) and self.path:
            return self._of_sqlite(error, self.path)
        return self._of_postgresql(error)

    def _of_sqlite(self, error: sqlite3.Error, path: Path) -> UsageError | None:
        reason = str(error)
        match getattr(error, "sqlite_errorcode", 0) & 0xFF:
            case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
                return _LockedError(self._locked(holder_of_file(path)))
            case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_AUTH:
                return UsageError(
                    f"the record {self.name} cannot be written ({reason}): give yourself the right to write to the file "
                    "and to its folder, or name another with --db"
                )
            case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
                return UsageError(self._full(reason))
            case sqlite3.SQLITE_CORRUPT:
                return UsageError(self._damaged(reason))
            case sqlite3.SQLITE_NOTADB:
                return UsageError(f"{self.name} is no database ({reason}): name another with --db")
            case _:
                return None

    def _of_postgresql(self, error: Any) -> UsageError | None:
        reason = " ".join(str(error).split())
        state = getattr(error, "sqlstate", None) or ""
        if state == "55P03":  # lock_not_available
            return _LockedError(self._locked(self._holder_in_server()))
        if state in {"42501", "25006"}:  # insufficient_privilege, read_only_sql_transaction
            return UsageError(
                f"the record {self.name} cannot be written ({reason}): ask who runs the server for the right"
            )
        if state.startswith("53"):  # insufficient_resources
            return UsageError(self._full(reason))
        if state.startswith("XX00"):  # data_corrupted, index_corrupted
            return UsageError(self._damaged(reason))
        if (not state and type(error).__name__ == "OperationalError") or state.startswith(("08", "28", "3D", "57P")):
            return UsageError(
                f"the record {self.name} cannot be reached ({reason}): see that the server runs, and that the address, "
                "the user and the password are right; what was recorded is there"
            )
        return None

    def _locked(self, holder: str) -> str:
        return (
            f"the record {self.name} is locked by {holder}, and was for {self._patience:g} s: wait until that is done, "
            "and run this again"
        )

    def _full(self, reason: str) -> str:
        return (
            f"the record {self.name} could not be written ({reason}): is the disk full? What was recorded before is there; "
            "make room, and run this again"
        )

    def _damaged(self, reason: str) -> str:
        return (
            f"the record {self.name} is damaged ({reason}): put a backup in its place, or move it away and grade into a "
            "new one"
        )

    def _holder_in_server(self) -> str:
        others = sa.text(
            "SELECT activity.pid, activity.usename, activity.application_name, activity.client_addr::text "
            "FROM pg_locks AS held JOIN pg_stat_activity AS activity ON activity.pid = held.pid "
            "WHERE held.granted AND held.pid <> pg_backend_pid() "
            "AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND (held.locktype = 'advisory' OR held.mode IN ('ExclusiveLock', 'AccessExclusiveLock')) LIMIT 1"
        )
        with self._engine.connect() as connection:
            row = connection.execute(others).first()
        if row is None:
            return "another process"
        pid, user, application, address = row
        return f"{user}'s session {pid} ({application or 'without a name'}{f', from {address}' if address else ''})"


class _LockedError(UsageError):
    """Another process has it."""


def _url(place: str | Path) -> sa.URL:
    """The address of a place. Raises UsageError for one that is neither a path nor an address of a kind that is used."""
    if isinstance(place, Path) or "://" not in place:
        return sa.URL.create("sqlite", database=os.path.abspath(place))  # noqa: PTH100  what is in it need not exist
    try:
        url = sa.make_url(place)
        kind = url.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        kind = ""
    if kind in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and url.database:
        return sa.URL.create("sqlite", database=os.path.abspath(url.database))  # noqa: PTH100
    raise UsageError(
        "the place of a record is a path, or an address like postgresql://user:password@host/database; "
        f"{place.partition('://')[0]}:// is neither"
    )


def _with_foreign_keys(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA foreign_keys=ON")


def _log_of(path: Path) -> Path:
    """Where SQLite writes first."""
    return path.with_name(f"{path.name}-wal")


def _run(connection: sa.Connection, pragma: str) -> Any:
    """What SQLite says of something that no transaction may be open for."""
    driver: Any = connection.connection.driver_connection
    return driver.execute(pragma).fetchone()


def _begin(connection: sa.Connection) -> None:
    """Who is going to write takes the lock at once: to read first and then wait for it would fail without waiting."""
    writing = connection.get_execution_options().get("writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
