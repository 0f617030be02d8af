"""What cannot be a record, or cannot be written now, is said in one clear message, and is left as it was."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa

from grader.errors import UsageError
from grader.record.database import Database
from grader.record.opening import open_record, rename_record
from grader.record.schema import HEAD
from recorded import TITLE, judgement, new

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SUPPORT = Path(__file__).parents[1] / "support"
HOLDING = """
import sys
from grader.record.database import Database
with Database(sys.argv[1]).writing():
    print("held", flush=True)
    sys.stdin.read()
"""
OPENING = """
import sys
from grader.errors import UsageError
from grader.record.opening import open_record
try:
    with open_record(sys.argv[1], "Calculus") as record:
        record.begin_run("grade", "submitted")
    print("opened")
except UsageError as error:
    print(error)
"""
FILLING = """
import os, sys
from grader.errors import UsageError
from grader.record.opening import open_record
from recorded import new, judgement
try:
    with open_record(sys.argv[1], "Calculus") as record:
        record.begin_run("grade", "submitted")
        for number in range(1000):
            record.add([new(f"t{number}", os.urandom(20_000), judgement(identity=f"t{number}"))])
            record.flush()
            print(f"t{number}", flush=True)
except UsageError as error:
    print(error)
"""


def execute(place: str, *statements: str) -> None:
    """Do to a database what the grader would not."""
    if "://" in place:
        with psycopg.connect(place) as server:
            for statement in statements:
                server.execute(statement.encode())
    else:
        with closing(sqlite3.connect(place)) as file, file:
            for statement in statements:
                file.execute(statement)


def filled(place: str | Path) -> None:
    """A record with something in it."""
    with open_record(place, TITLE) as record:
        record.begin_run("grade", "submitted")
        record.add([new(f"s{number}", os.urandom(3000), judgement(identity=f"{number}")) for number in range(20)])


def students(place: str | Path) -> set[str]:
    """Whose results are in a record."""
    with open_record(place, TITLE) as record:
        return {entry.student for entry in record.entries()}


FILLED = {f"s{number}" for number in range(20)}


def refused(place: str | Path, *words: str, patience: float = 1.0) -> str:
    """What is said where nothing can be recorded; these words must be in it."""

    def opened() -> None:
        with open_record(place, TITLE, patience=patience) as record:
            record.begin_run("grade", "submitted")

    with pytest.raises(UsageError) as caught:
        opened()
    said(str(caught.value), *words)
    return str(caught.value)


def said(message: str, *words: str) -> None:
    """A message is one line, and has these words in it."""
    assert "\n" not in message.strip()
    assert [word for word in words if word not in message] == [], message


def in_process(code: str, place: str | Path, *before: str, **more: object) -> str:
    """What a program prints that is given the place, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(SUPPORT)}
    done = subprocess.run(
        [*before, sys.executable, "-c", code, str(place)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        **more,
    )  # type: ignore[call-overload]
    return str(done.stdout)


@contextmanager
def held(place: str) -> Iterator[subprocess.Popen[str]]:
    """Another process is writing for as long as this lasts."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDING, place], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.communicate("")


def test_a_database_of_a_newer_version_is_refused(place) -> None:
    filled(place)
    execute(place, "UPDATE record_version SET version_num = '9999'")
    refused(place, "newer grader", "9999", HEAD, "update the grader")
    execute(place, f"UPDATE record_version SET version_num = '{HEAD}'")  # noqa: S608  our own number
    assert students(place) == FILLED


def test_the_record_of_another_course_is_refused(place) -> None:
    filled(place)
    with pytest.raises(UsageError) as caught:
        open_record(place, "Algebra")
    said(str(caught.value), "'Calculus'", "'Algebra'", "--db", "grader record rename")
    assert students(place) == FILLED


def test_another_programs_database_is_refused(place) -> None:
    """Also one that has Alembic's usual table, as nbgrader's gradebook has."""
    execute(place, "CREATE TABLE alembic_version (version_num TEXT)", "CREATE TABLE student (id TEXT)")
    refused(place, "not a record of this grader", "alembic_version", "--db")
    execute(place, "INSERT INTO student VALUES ('ada')", "DROP TABLE alembic_version")
    refused(place, "'student'")


def test_what_is_not_there_yet_is_not_made_by_who_only_reads(place) -> None:
    for _ in range(2):
        with pytest.raises(UsageError) as caught:
            open_record(place, TITLE, must_exist=True)
        said(str(caught.value), "there is no record at", "grader grade")
    with pytest.raises(UsageError, match="there is no record at"):
        rename_record(place, TITLE, "a typing error")
    assert "://" in place or not Path(place).exists()
    filled(place)
    open_record(place, TITLE, must_exist=True).close()


@pytest.mark.parametrize("data", [b"student,score\nada,1\n" * 100, b"\0" * 5000, b"SQLite", b"PK\x03\x04" * 3000])
def test_a_file_that_is_no_database_is_refused_and_stays(tmp_path, data) -> None:
    place = tmp_path / "record.sqlite"
    place.write_bytes(data)
    refused(place, str(place), "is no database", "--db")
    assert place.read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["record.sqlite"]


@pytest.mark.parametrize("part", [0.02, 0.3, 0.5, 0.9, 0.999])
def test_a_file_that_was_cut_off_is_refused_and_stays(tmp_path, part) -> None:
    place = tmp_path / "record.sqlite"
    filled(place)
    data = place.read_bytes()
    cut = data[: int(len(data) * part)]
    place.write_bytes(cut)
    refused(place, str(place), "is damaged", "backup")
    assert place.read_bytes() == cut
    place.write_bytes(data)
    assert students(place) == FILLED


def test_a_page_of_a_file_that_was_written_over_is_said_when_it_is_read(tmp_path) -> None:
    place = tmp_path / "record.sqlite"
    filled(place)
    data = bytearray(place.read_bytes())
    data[4096 * 2 :] = os.urandom(len(data) - 4096 * 2)
    place.write_bytes(data)
    with pytest.raises(UsageError) as caught:
        students(place)
    said(str(caught.value), "is damaged")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("mysql://localhost/x", ("mysql:// is neither", "postgresql://")),
        ("http://localhost/x", ("http:// is neither",)),
        ("nowhere/record.sqlite", ("there is no folder", "nowhere")),
        (".", ("is a folder", "--db")),
    ],
)
def test_a_place_where_no_record_can_be_is_refused(tmp_path, monkeypatch, place, words) -> None:
    monkeypatch.chdir(tmp_path)
    refused(place, *words)
    assert list(tmp_path.iterdir()) == []


def test_a_path_and_its_address_are_one_place(tmp_path) -> None:
    filled(tmp_path / "record.sqlite")
    assert students(f"sqlite:///{tmp_path}/record.sqlite") == FILLED


WITHOUT_RIGHTS = () if os.getuid() else ("setpriv", "--bounding-set=-dac_override,-dac_read_search")
"""How a process is started that rights to files bind, whoever runs the tests."""
needs_rights = pytest.mark.skipif(
    bool(WITHOUT_RIGHTS) and not shutil.which("setpriv"),
    reason="rights to files do not bind root, and setpriv is not installed: apt-get install util-linux",
)


@pytest.mark.slow
@needs_rights
@pytest.mark.parametrize(("file", "folder"), [(0o444, 0o755), (0o444, 0o555), (0o644, 0o555), (0o000, 0o755)])
def test_a_file_or_folder_that_cannot_be_written_is_said(tmp_path, file, folder) -> None:
    home = tmp_path / "course"
    home.mkdir()
    place = home / "record.sqlite"
    filled(place)
    before = place.read_bytes()
    place.chmod(file)
    home.chmod(folder)
    said(in_process(OPENING, place, *WITHOUT_RIGHTS), str(place), "cannot be written", "right to write")
    home.chmod(0o755)
    place.chmod(0o644)
    assert place.read_bytes() == before


@pytest.mark.slow
@needs_rights
def test_a_folder_in_which_none_can_be_made_is_said(tmp_path) -> None:
    tmp_path.chmod(0o555)
    said(in_process(OPENING, tmp_path / "record.sqlite", *WITHOUT_RIGHTS), "cannot be written", "folder")
    tmp_path.chmod(0o755)


@pytest.mark.slow
def test_who_has_it_locked_is_said_after_waiting(place) -> None:
    """By the number of the process; what it has locked can be read meanwhile."""
    filled(place)
    with held(place) as process:
        before = time.monotonic()
        refused(place, "is locked by", f"process {process.pid}", "wait")
        assert time.monotonic() - before >= 0.9
        assert students(place) == FILLED
    with open_record(place, TITLE) as record:
        record.begin_run("grade", "submitted")


@pytest.mark.slow
def test_a_lock_that_is_let_go_of_in_time_is_waited_for(place) -> None:
    filled(place)
    with held(place) as process, open_record(place, TITLE, patience=60) as record:
        end = threading.Timer(0.3, process.communicate, args=("",))
        end.start()
        assert record.begin_run("grade", "submitted") > 0
        end.join()


def test_a_lock_of_another_program_is_said_too(tmp_path) -> None:
    """Here by this very process, which has the file open twice."""
    place = tmp_path / "record.sqlite"
    filled(place)
    with closing(sqlite3.connect(place, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        refused(place, "is locked by", f"process {os.getpid()}", patience=0.2)


@pytest.mark.slow
def test_a_full_disk_costs_nothing_that_was_recorded(tmp_path) -> None:
    """Here a limit on the size of files stands for it; what was said to be recorded is there."""
    place = tmp_path / "record.sqlite"
    filled(place)

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))

    *recorded, message = in_process(FILLING, place, preexec_fn=limit).splitlines()
    said(message, str(place), "could not be written", "disk full", "run this again")
    assert recorded
    assert students(place) == FILLED | set(recorded)


@pytest.fixture
def in_server(new_database: Callable[[], str]) -> str:
    """A record in a server."""
    place = new_database()
    filled(place)
    return place


def test_a_server_that_is_not_there_is_said(tmp_path) -> None:
    message = refused("postgresql://ada:geheim@127.0.0.1:9/record", "cannot be reached", "127.0.0.1", "server runs")
    assert "geheim" not in message
    refused(f"postgres://ada@/record?host={tmp_path}", "cannot be reached", str(tmp_path))


def test_a_server_that_refuses_is_said(in_server) -> None:
    refused(in_server.replace("grader@", "stranger@"), "cannot be reached", "stranger", "does not exist")
    refused(in_server.replace("/record", "/other"), "cannot be reached", "does not exist")
    assert students(in_server) == FILLED


def test_a_server_that_may_only_be_read_is_said(in_server) -> None:
    name = sa.make_url(in_server).database
    execute(in_server, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    refused(in_server, "cannot be written", "read-only")


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_in_another_encoding_is_refused(in_server, encoding) -> None:
    name = f"other_{encoding.lower()}"
    with psycopg.connect(in_server, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' TEMPLATE template0".encode())
    other = sa.make_url(in_server).set(database=name).render_as_string(hide_password=False)
    refused(other, encoding, "UTF8", "createdb")


def test_a_user_without_rights_is_said(in_server) -> None:
    execute(
        in_server,
        "DROP ROLE IF EXISTS guest",
        "CREATE ROLE guest LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest",
    )
    place = in_server.replace("grader@", "guest@")
    assert students(place) == FILLED
    refused(place, "cannot be written", "permission denied", "right")


def test_a_server_that_ends_a_session_is_said_and_costs_nothing_recorded(in_server) -> None:
    with open_record(in_server, TITLE) as record:
        record.begin_run("grade", "submitted")
        record.add([new("late")])
        record.flush()
        with pytest.raises(UsageError) as caught:
            end_sessions(in_server, record)
    said(str(caught.value), "cannot be reached", "terminating connection")
    assert students(in_server) == {*FILLED, "late"}


def end_sessions(place: str, record) -> None:
    """In the middle of a transaction, as an administrator does."""
    with record._database.writing() as connection:
        execute(place, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'grader,%'")
        connection.execute(sa.text("SELECT 1"))


@pytest.mark.parametrize(
    ("state", "words"), [("53100", ("could not be written", "disk full")), ("XX001", ("is damaged", "backup"))]
)
def test_what_goes_wrong_in_a_server_is_said(in_server, state, words) -> None:
    """With the server's own error, raised where a statement of ours runs."""
    with closing(Database(in_server)) as opened, pytest.raises(UsageError) as caught, opened.writing() as connection:
        connection.execute(
            sa.text(f"DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '{state}', MESSAGE = 'so it is'; END $$")
        )
    said(str(caught.value), "so it is", *words)


def test_a_fault_of_ours_is_not_told_as_one_of_the_database(place) -> None:
    filled(place)
    with closing(Database(place)) as opened, pytest.raises(sa.exc.DBAPIError), opened.reading() as connection:
        connection.execute(sa.text("SELECT nonsense FROM course"))


def test_a_server_without_its_library_is_said(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    refused("postgresql://ada@localhost/record", "psycopg", "pip install")
