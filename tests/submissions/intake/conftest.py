"""Downloads shaped like each service's own, and a function that collects them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from downloads import NOON
from grader.submissions.intake.collecting import collecting
from grader.submissions.intake.roster import read_roster

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def download(tmp_path):
    """Write a download: bytes under a name, or files into a folder of a name; gives its path."""

    def write(name: str, content: bytes | dict[str, str | bytes]) -> Path:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
            return path
        for file, text in content.items():
            where = path / file
            if file.endswith("/"):
                where.mkdir(parents=True)
                continue
            where.parent.mkdir(parents=True, exist_ok=True)
            where.write_bytes(text.encode() if isinstance(text, str) else text)
            os.utime(where, (NOON, NOON))
        return path

    return write


class Result:
    """What came of collecting: of each row what most tests look at, and the files that are there."""

    def __init__(self, collected, into):
        self.rows = [(row.student, row.place, row.state) for row in collected.rows]
        self.full = collected.rows
        self.problems = "\n".join(collected.problems)
        self.notices = "\n".join(collected.notices)
        self.absent = collected.absent
        self.files = {
            path.relative_to(into).as_posix(): path.read_text()
            for path in sorted(into.rglob("*"))
            if path.is_file() and ".intake" not in path.parts
        }


@pytest.fixture
def collect(course, tmp_path):
    """Collect downloads into submitted/, with a roster's text if there is one."""

    def run(*sources: Path, roster: str | bytes | None = None, dry_run: bool = False, exercise: str = "") -> Result:
        data = roster.encode() if isinstance(roster, str) else roster
        people = None if data is None else read_roster(data, "roster.csv")
        into = tmp_path / "submitted"
        with collecting(
            sources, into, course, people, exercise=exercise, functions=lambda each: (each.id,)
        ) as collected:
            if not dry_run:
                collected.write()
            return Result(collected, into)

    return run
