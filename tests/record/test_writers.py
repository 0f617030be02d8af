"""Graders that are killed, and graders that write at once: each submission has exactly one result, and each report is whole."""

from __future__ import annotations

import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from grader.record.database import Database
from grader.record.opening import open_record
from record_writer import answers
from recorded import EXERCISES, TITLE

WRITER = Path(__file__).parents[1] / "support" / "record_writer.py"


def writer(place: str, students: int, seconds: float) -> subprocess.Popen[str]:
    """Start one."""
    command = [sys.executable, str(WRITER), place, str(students), str(seconds)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def results(place: str) -> Counter[tuple[str, str]]:
    """How many results each student and exercise has."""
    database = Database(place)
    wanted = "SELECT student, exercise FROM result JOIN attempt ON attempt.id = result.attempt"
    with closing(database), database.reading() as connection:
        return Counter((row[0], row[1]) for row in connection.execute(sa.text(wanted)))


def counts(place: str) -> dict[str, int]:
    """How many rows there are."""
    database = Database(place)
    with closing(database), database.reading() as connection:
        tables = ("course", "content", "attempt", "judgement", "result")
        return {name: connection.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar_one() for name in tables}  # noqa: S608


def expected(students: int) -> dict[tuple[str, str], int]:
    """One for each."""
    return {(f"s{number:03}", exercise): 1 for number in range(students) for exercise in EXERCISES}


def require_sound(place: str) -> None:
    """A file is one that SQLite finds nothing wrong with."""
    if "://" not in place:
        with closing(sqlite3.connect(place)) as file:
            assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert file.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.slow
def test_two_graders_at_once_give_each_submission_one_result(place) -> None:
    """From the moment at which both make the record, and though both have judged all of it."""
    both = [writer(place, 40, 0.005) for _ in range(2)]
    assert [process.communicate(timeout=300) and process.returncode for process in both] == [0, 0]
    require_sound(place)
    assert results(place) == expected(40)
    one_each = 40 * len(EXERCISES)
    assert counts(place) == {
        "course": 1,
        "content": one_each,
        "attempt": one_each,
        "judgement": one_each,
        "result": one_each,
    }


@pytest.mark.slow
def test_four_graders_can_make_one_record_at_once(place) -> None:
    every = [writer(place, 2, 0.0) for _ in range(4)]
    assert [process.communicate(timeout=300) and process.returncode for process in every] == [0] * 4
    assert results(place) == expected(2)


@pytest.mark.long
@pytest.mark.attack
def test_a_grader_that_is_killed_fifty_times_has_lost_nothing_that_it_recorded(place) -> None:
    """Killed at seeded moments, and started again: what it said to be recorded is there, whole, and nothing is there twice."""
    students, moments = 600, random.Random(13)  # noqa: S311
    stored: Counter[tuple[str, str]] = Counter()
    for _ in range(50):
        process = writer(place, students, 0.02)
        assert process.stdout is not None
        line = process.stdout.readline()  # the record is open; or it was killed while it was being made
        seconds = moments.uniform(0.0, 0.5)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        said = {line.strip(), *process.communicate()[0].split()} - {"ready", ""}
        before, stored = stored, results(place)
        require_sound(place)
        assert set(stored.values()) <= {1}
        by_student = Counter(student for student, _ in stored)
        assert set(by_student.values()) <= {len(EXERCISES)}, "a report was split"
        assert said <= by_student.keys(), "what was recorded is gone"
        assert before.keys() <= stored.keys()
    last = writer(place, students, 0.0)
    last.communicate(timeout=300)
    assert last.returncode == 0
    assert results(place) == expected(students)
    with open_record(place, TITLE) as record:
        entries = list(record.entries())
        assert {(entry.student, entry.exercise): record.content(str(entry.content)) for entry in entries} == {
            (answer.student, answer.exercise): answer.data
            for number in range(students)
            for answer in answers(f"s{number:03}")
        }


@pytest.mark.long
@pytest.mark.attack
def test_a_grader_that_is_killed_while_it_makes_the_record_leaves_one_that_can_be_made(
    tmp_path_factory, request
) -> None:
    """At seeded moments from its start on, in a place of its own each time."""
    moments = random.Random(7)  # noqa: S311
    for kind in ("sqlite", "postgresql"):
        for number in range(6):
            new_place: Any = (
                str(tmp_path_factory.mktemp("r") / "record.sqlite")
                if kind == "sqlite"
                else request.getfixturevalue("new_database")()
            )
            process = writer(new_place, 3, 0.0)
            try:
                process.wait(moments.uniform(0.3, 2.5) if number else 0.0)
            except subprocess.TimeoutExpired:
                process.kill()
            process.communicate()
            again = writer(new_place, 3, 0.0)
            again.communicate(timeout=300)
            assert again.returncode == 0
            assert results(new_place) == expected(3)
