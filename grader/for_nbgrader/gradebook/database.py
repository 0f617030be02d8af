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
    Comment,
    Grade,
    Gradebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)  # fmt: skip
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from grader.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


class _Session(Session):
    """Leaves the end to the transaction: nbgrader commits after each row, and each time all that has changed would be written."""

    def commit(self) -> None:
        """Write nothing yet."""


class OneWriter(Gradebook):
    """A Gradebook whose commits take effect together, at the end of a `transaction`; in one, it asks for each thing once."""

    def __init__(self, db_url: str, course_id: str = "") -> None:
        """Connect to a database, and make it where there is none."""
        _make_database(db_url, course_id)
        arguments = {"timeout": _PATIENCE} if db_url.startswith(_SQLITE) else {}
        self.engine = create_engine(db_url, connect_args=arguments)
        self._connection = self.engine.connect()
        self.db = scoped_session(
            sessionmaker(
                bind=self._connection, class_=_Session, join_transaction_mode="rollback_only", expire_on_commit=False
            )
        )
        self.course_id, self.authenticator = course_id, None
        self._url = db_url
        self._found: dict[tuple[str, ...], Any] = {}
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
                self._found.clear()
                self._rows.clear()

    def find_assignment(self, name: str) -> Assignment:
        """Raises MissingEntry."""
        return self._once(super().find_assignment, name)

    def find_student(self, student_id: str) -> Student:
        """Raises MissingEntry."""
        return self._once(super().find_student, student_id)

    def find_submission(self, assignment: str, student: str) -> SubmittedAssignment:
        """Raises MissingEntry."""
        return self._once(super().find_submission, assignment, student)

    def add_student(self, student_id: str, **given: Any) -> Student:
        """The student, who is found from now on though no row is written yet."""
        added = self._found["find_student", student_id] = super().add_student(student_id, **given)
        return added

    def add_submission(self, assignment: str, student: str, **given: Any) -> SubmittedAssignment:
        """The submission, which is found from now on though no row is written yet."""
        added = self._found["find_submission", assignment, student] = super().add_submission(
            assignment, student, **given
        )
        return added

    def _once(self, find: Callable[..., Any], *names: str) -> Any:
        name = (find.__name__, *names)
        if name not in self._found:
            self._found[name] = find(*names)
        return self._found[name]

    def find_submission_notebook(self, notebook: str, assignment: str, student: str) -> SubmittedNotebook:
        """Raises MissingEntry."""
        found = (each for each in self.find_submission(assignment, student).notebooks if each.name == notebook)
        return next(found, None) or super().find_submission_notebook(notebook, assignment, student)

    def open_submission(self, assignment: str, student: str) -> None:
        """Have the grades and comments of a submission at hand, where nbgrader asks for one after the other."""
        with self.db.no_autoflush:
            for notebook in self.find_submission(assignment, student).notebooks:
                cells = notebook.notebook
                names = {cell.id: cell.name for cell in (*cells.grade_cells, *cells.solution_cells, *cells.task_cells)}
                for row in (*notebook.grades, *notebook.comments):
                    if row.cell_id in names:
                        self._rows[type(row), notebook.name, names[row.cell_id]] = row

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
