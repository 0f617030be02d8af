"""What the tests of several modules start from."""

from __future__ import annotations

import itertools
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
import sqlalchemy as sa
from hypothesis import Phase, settings

import postgresql
from containers import python_for_all
from grader.cli.main import main
from grader.course.course_yml import load_course
from grader.log import configure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.course.model import Course

# No deadline: how long an example takes is the machine's load. A failure is made small, but not explained, which takes minutes.
_PHASES = tuple(phase for phase in Phase if phase is not Phase.explain)
settings.register_profile("repeatable", derandomize=True, deadline=None, phases=_PHASES)
settings.register_profile("quick", settings.get_profile("repeatable"), max_examples=20)
settings.register_profile("random", deadline=None, print_blob=True, phases=_PHASES)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

# A script's background process is deaf to interrupts, and would hand that on to all commands that tests interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

HERE = Path(__file__).parent
OF_A_ROOM = {"attacks": "attack", "for_nbgrader": "nbgrader", "sandbox": "sandbox"}
"""The marker of every test in a folder; others stand beside the tests."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of a folder."""
    for item in items:
        marker = OF_A_ROOM.get(item.path.relative_to(HERE).parts[0])
        if marker:
            item.add_marker(marker)


def pytest_report_header() -> str:
    """Which inputs property tests draw: the same each time, or new ones."""
    return f"hypothesis profile {settings.get_current_profile_name()}"


@pytest.fixture(scope="session", autouse=True)
def _no_record_in_the_repository(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test writes into a course of the repository's or the user's cache, not even what a fixture of a whole module grades."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADER_DB", str(tmp_path_factory.mktemp("records") / "record.sqlite"))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def database(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The record of this test alone: what it grades is in no other."""
    path = tmp_path_factory.mktemp("record") / "record.sqlite"
    monkeypatch.setenv("GRADER_DB", str(path))
    return path


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, without the name of a database."""
    if postgresql.binaries() is None:
        pytest.skip("PostgreSQL is not installed, in which a record may be: apt-get install postgresql")
    with postgresql.server("fsync=off") as address:
        yield address


@pytest.fixture(scope="session")
def new_database(server: str) -> Iterator[Callable[[], str]]:
    """Make an empty database in the server; its address."""
    address = server.format("postgres").replace("postgresql:", "postgresql+psycopg:")
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT")

    numbers = itertools.count(1)

    def make() -> str:
        name = f"record{next(numbers)}"
        with engine.connect() as connection:
            connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE template0"))
        return server.format(name)

    yield make
    engine.dispose()


class Ran(NamedTuple):
    """What came of a command."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[..., Ran]]:
    """Run the command in this process, through the function that the installed script calls."""

    def call(*arguments: object) -> Ran:
        monkeypatch.setattr("sys.argv", ["grader", *map(str, arguments)])
        with pytest.raises(SystemExit) as leaving:
            main()
        return Ran(int(leaving.value.code or 0), *capsys.readouterr())

    yield call
    configure(verbose=False, debug=False)


COURSE_YML = """\
title: Calculus
seed: 7
assignments:
  - id: jacobians
    title: Jacobians by hand
    exercises: [manual_jacobian, sigmoid_grad]
  - id: backprop
    title: Backpropagation
    exercises: [backprop_batch]
"""
FILES = ("jacobians/manual_jacobian", "jacobians/sigmoid_grad", "backprop/backprop_batch")


@pytest.fixture
def make_course(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes a course folder and gives its root; `files` are its exercises' paths in solutions/."""

    def make(text: str | bytes = COURSE_YML, files: tuple[str, ...] = FILES) -> Path:
        root = tmp_path / "course"
        root.mkdir(exist_ok=True)
        (root / "course.yml").write_bytes(text if isinstance(text, bytes) else text.encode())
        for file in files:
            path = root / "solutions" / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.with_suffix(".py").touch()
            path.with_name(f"{path.name}_checks.py").touch()
        return root

    return make


@pytest.fixture
def course(make_course: Callable[..., Path]) -> Course:
    """Two assignments: jacobians (manual_jacobian, sigmoid_grad) and backprop (backprop_batch)."""
    return load_course(make_course())


@pytest.fixture(scope="session")
def container_python() -> Iterator[Path]:
    """A Python with the grader, in a place where root in a container can run it and so can the user that student code is there."""
    with python_for_all() as python:
        if python is None:
            pytest.skip("only root becomes another user, and that one needs a Python that every user may read")
        yield python


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Processes that a test starts take an interrupt, also where the tests themselves run in the background and take none."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
