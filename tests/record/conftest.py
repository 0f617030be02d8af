"""Both kinds of databases, and answers to record in them."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from grader.record.opening import open_record
from recorded import TITLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.record.record import Record

_NUMBERS = itertools.count(1)


def _binaries() -> Path | None:
    """Where a PostgreSQL server is installed: Debian's is on nobody's path."""
    if found := shutil.which("initdb"):
        return Path(found).parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, on a socket, without the name of a database."""
    binaries = _binaries()
    if binaries is None:
        pytest.skip("PostgreSQL is not installed, in which a record may be: apt-get install postgresql")
    folder = tempfile.mkdtemp(prefix="pg-")  # a socket's path must be short
    as_user: list[str] = []
    if os.getuid() == 0:  # the server refuses to run as root
        shutil.chown(folder, "postgres" if _has_user("postgres") else "nobody")
        as_user = ["runuser", "-u", Path(folder).owner(), "--"]

    def call(name: str, *arguments: str) -> None:
        subprocess.run([*as_user, str(binaries / name), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder)

    call("initdb", "-D", f"{folder}/data", "-U", "grader", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    call("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")
    yield f"postgresql://grader@/{{}}?host={folder}"
    call("pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")
    shutil.rmtree(folder)


def _has_user(name: str) -> bool:
    try:
        return bool(pwd.getpwnam(name))
    except KeyError:
        return False


@pytest.fixture(scope="session")
def new_database(server: str) -> Iterator[Callable[[], str]]:
    """Make an empty database in the server; its address."""
    address = server.format("postgres").replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")

    def make() -> str:
        name = f"record{next(_NUMBERS)}"
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0"))
        return server.format(name)

    yield make
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new record may be: each test is run on both."""
    if request.param == "sqlite":
        return str(tmp_path / "record.sqlite")
    return str(request.getfixturevalue("new_database")())


@pytest.fixture
def record(place: str) -> Iterator[Record]:
    """A new record, in a run."""
    with open_record(place, TITLE, patience=1) as opened:
        opened.begin_run("grade", "submitted")
        yield opened


@pytest.fixture(scope="session")
def every_statement() -> Iterator[list[str]]:
    """The statements that are issued in this process, from any engine."""
    issued: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        issued.append(" ".join(statement.split()))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    yield issued
    sa.event.remove(sa.Engine, "before_cursor_execute", note)


@pytest.fixture(autouse=True)
def statements(every_statement: list[str]) -> Iterator[list[str]]:
    """Those of a test: none changes or takes away what is there, but for the course's title."""
    every_statement.clear()
    yield every_statement
    changes = [each for each in every_statement if each.startswith(("UPDATE", "DELETE", "REPLACE"))]
    assert [each for each in changes if not each.startswith("UPDATE course SET title=")] == []
