"""gradebook.db through nbgrader's own interface: one connection, and one transaction for each submission."""

from __future__ import annotations

import os
import sqlite3
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)  # fmt: skip
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import contains_eager, scoped_session, sessionmaker

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["OneWriter", "telling_who_locks"]

_SQLITE = "sqlite:///"

_PATIENCE = 30.0
"""Seconds to wait for another program that is writing."""


def _make_database(db_url: str, course_id: str = "") -> None:
    """Make the database and its tables where there are none, as nbgrader does. Raises UsageError for a locked one."""
    path = Path(db_url.removeprefix(_SQLITE))
    if db_url.startswith(_SQLITE) and path.is_file() and path.stat().st_size:
        return
    # nbgrader runs `alembic`, which is installed beside this Python but need not be on the path.
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        with telling_who_locks(db_url):
            Gradebook(db_url, course_id).close()
    finally:
        os.environ["PATH"] = before


class OneWriter(Gradebook):
    """A Gradebook whose commits take effect together, at the end of a `transaction`."""

    def __init__(self, db_url: str, course_id: str = "") -> None:
        """Connect to a database, and make it where there is none."""
        _make_database(db_url, course_id)
        arguments = {"timeout": _PATIENCE} if db_url.startswith(_SQLITE) else {}
        self.engine = create_engine(db_url, connect_args=arguments)
        self._connection = self.engine.connect()
        # What nbgrader commits bit by bit, the session only flushes: the transaction is the connection's.
        self.db = scoped_session(
            sessionmaker(bind=self._connection, join_transaction_mode="rollback_only", expire_on_commit=False)
        )
        self.course_id, self.authenticator = course_id, None
        self._url = db_url
        self._assignments: dict[str, Assignment] = {}
        self._rows: dict[tuple[type, str, str], Any] = {}

    def close(self) -> None:
        """Let go of the database."""
        self.db.remove()
        self._connection.close()
        self.engine.dispose()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is done inside takes effect at the end, or nothing does.

        Raises UsageError, after a wait, where another program holds the database.
        """
        with telling_who_locks(self._url):
            try:
                with self._connection.begin() as transaction:
                    yield
                    self.db.flush()
                    transaction.commit()
            finally:
                self.db.remove()
                self._assignments.clear()
                self._rows.clear()

    def find_assignment(self, name: str) -> Assignment:
        """The assignment, read once in a transaction. Raises MissingEntry."""
        if name not in self._assignments:
            self._assignments[name] = super().find_assignment(name)
        return self._assignments[name]

    def open_submission(self, assignment: str, student: str) -> None:
        """Read the grades and comments of a submission at once, where nbgrader asks for one after the other."""
        with self.db.no_autoflush:
            for kind in (Grade, Comment):
                rows = self.db.execute(
                    select(kind)
                    .join(kind.cell)
                    .join(SubmittedNotebook, SubmittedNotebook.id == kind.notebook_id)
                    .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
                    .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
                    .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
                    .join(Student, Student.id == SubmittedAssignment.student_id)
                    .where(Assignment.name == assignment, Student.id == student)
                    .options(contains_eager(kind.cell.of_type(BaseCell)))
                    .add_columns(Notebook.name)
                ).all()
                self._rows |= {(kind, notebook, row.cell.name): row for row, notebook in rows}

    def find_grade(self, grade_cell: str, notebook: str, assignment: str, student: str) -> Grade:
        """A grade of the open submission. Raises MissingEntry."""
        return self._row(Grade, notebook, grade_cell) or super().find_grade(grade_cell, notebook, assignment, student)

    def find_comment(self, solution_cell: str, notebook: str, assignment: str, student: str) -> Comment:
        """A comment of the open submission. Raises MissingEntry."""
        found = self._row(Comment, notebook, solution_cell)
        return found or super().find_comment(solution_cell, notebook, assignment, student)

    def _row(self, kind: type, notebook: str, cell: str) -> Any:
        return self._rows.get((kind, notebook, cell))


@contextmanager
def telling_who_locks(db_url: str) -> Iterator[None]:
    """Turn the error of a database that stays locked into one that names the programs which have it open."""
    try:
        yield
    except OperationalError as error:
        if not isinstance(error.orig, sqlite3.OperationalError) or "locked" not in str(error.orig):
            raise
        path = Path(db_url.removeprefix(_SQLITE))
        holders = ", ".join(_holders(path)) or "a program that cannot be seen from here"
        raise UsageError(f"{path} is locked by {holders}; close it, or wait, and run this again") from None


def _holders(path: Path) -> list[str]:
    """The other processes that have a file open, where the system tells."""
    wanted = {path.resolve(), path.resolve().with_name(f"{path.name}-journal")}
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        try:
            opened = {descriptor.readlink() for descriptor in (process / "fd").iterdir()}
            if opened & wanted:
                command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                found.append(f"process {process.name} ({command[:80]})")
        except OSError:
            continue
    return found
