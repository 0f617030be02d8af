"""Both kinds of databases, and answers to record in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from grader.record.opening import open_record
from recorded import TITLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.record.record import Record


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
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
    """Those of a test: none changes or takes away what is there, but for the course's title, and which version the record has."""
    every_statement.clear()
    yield every_statement
    changes = [each for each in every_statement if each.startswith(("UPDATE", "DELETE", "REPLACE"))]
    allowed = ("UPDATE course SET title=", "UPDATE record_version SET version_num=")
    assert [each for each in changes if not each.startswith(allowed)] == []
