"""A class as a stream of what was graded: what is done once for many exercises, and what decides what comes of an answer."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import msgspec
import pytest

from grader.course.course_yml import load_course
from grader.course.model import Repair
from grader.grading import attempt as attempts
from grader.grading import reading, tasks
from grader.grading.classes import grade_answers, grade_class
from grader.grading.executor import Here
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.grading.reading import Reader
from grader.judging.verdicts import Verdict
from grader.submissions.find import Submission
from grader.submissions.program import Refusal, program_of, read_data
from grader.wire import messages as wire
from one_exercise import make, scalar

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.model import Course

RIGHT = "def gate(x):\n    return 2.0 * x\n"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """One exercise, gate(x) = 2x."""
    return load_course(make(tmp_path, scalar("", "1.0", "-3.0"), "return 2.0 * x", "x"))


def hand_in(folder: Path, source: str | bytes, name: str = "gate.py", student: str = "ada") -> Submission:
    path = folder / student / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return Submission(student, "first", "gate", path, "2027-03-01T00:00:00Z")


def test_a_notebook_for_many_exercises_is_read_once(tmp_path: Path, course: Course, monkeypatch) -> None:
    """And its cells are looked for once: its outputs may be many megabytes. What nobody handed in is told for each by its name."""
    path = tmp_path / "first.ipynb"
    path.write_text('{"nbformat": 4, "cells": [{"cell_type": "code", "source": "x = 1"}]}')
    read, parsed = Mock(side_effect=read_data), Mock(side_effect=program_of)
    monkeypatch.setattr(reading, "read_data", read)
    monkeypatch.setattr(tasks, "program_of", parsed)
    keys = Keys(course)
    with Here(course, keys, Pool()) as executor:
        reader = Reader(course, keys, executor.start())
        group = reader.answers([Submission("ada", "first", "gate", path, "")] * 3)
        grade_answers(executor, [reader.with_key(each) for each in group])
    assert (read.call_count, parsed.call_count, len({each.identity for each in group})) == (1, 1, 1)
    (missing,) = reader.answers([Submission("ada", "first", "gate", None, "")])
    assert isinstance(missing.read, Refusal)
    assert "gate" in missing.read.feedback


def test_what_is_graded_is_what_was_read(tmp_path: Path, course: Course) -> None:
    """A file that is written over after it was read changes nothing: the bytes, their hash and the program are one."""
    submission = hand_in(tmp_path, RIGHT)
    keys = Keys(course)
    with Here(course, keys, Pool()) as executor:
        reader = Reader(course, keys, executor.start())
        (answer,) = reader.answers([submission])
        hand_in(tmp_path, "def gate(x): return 0.0")
        (graded,) = grade_answers(executor, [reader.with_key(answer)])
    assert (graded.report.verdict, answer.data) == (Verdict.ACCEPTED, RIGHT.encode())
    assert answer.content == hashlib.sha256(RIGHT.encode()).hexdigest()


def test_the_identity_is_known_before_anything_runs_and_changes_with_all_that_decides(
    tmp_path: Path, course: Course
) -> None:
    """Not with the student, the time or the place; and nothing is the same as what could not be read or has no key."""
    first = hand_in(tmp_path, RIGHT)

    def identity(submission: Submission = first, of: Course = course, layers: tuple[str, ...] = ("a",)) -> str:
        (answer,) = Reader(of, Keys(of), layers).answers([submission])
        return answer.identity

    same = msgspec.structs.replace(hand_in(tmp_path, RIGHT, student="bob"), submitted_at="", note="elsewhere")
    assert identity() == identity(same) != ""
    (assignment,) = course.assignments
    (exercise,) = assignment.exercises

    def changed(**settings: Any) -> Course:
        other = msgspec.structs.replace(exercise, **settings)
        return msgspec.structs.replace(course, assignments=(msgspec.structs.replace(assignment, exercises=(other,)),))

    others = [
        identity(hand_in(tmp_path, RIGHT + "#", student="cy")),
        identity(hand_in(tmp_path, RIGHT, "gate (1).py", student="di")),
        identity(Submission("ada", "first", "gate", None, "")),
        identity(layers=("a", "b")),
        identity(of=msgspec.structs.replace(course, seed=2)),
        identity(of=msgspec.structs.replace(course, repair=Repair(variants=0))),
        identity(of=changed(limits=msgspec.structs.replace(exercise.limits, cpu_seconds=7))),
        identity(of=changed(framework="torch")),
        identity(of=changed(imports=("json",))),
    ]
    assert len({identity(), *others}) == 1 + len(others)
    assert "" not in others
    folder = tmp_path / "folder"
    folder.mkdir()
    course.checks(exercise).write_text("import nothing_of_this_name\n")
    assert identity() == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "verdict", "lasting"),
    [
        (RIGHT, Verdict.ACCEPTED, True),
        ("def gate(x): return 0.0", Verdict.WRONG_ANSWER, True),
        ("def gate(x):\n    while True: pass", Verdict.TIME_LIMIT_EXCEEDED, True),
        ("import time\ndef gate(x): time.sleep(60)", Verdict.TIME_LIMIT_EXCEEDED, False),
        ("", Verdict.NOT_ATTEMPTED, True),
    ],
    ids=["right", "wrong", "processor", "clock", "empty"],
)
def test_what_the_clock_stopped_is_not_lasting(
    tmp_path: Path, course: Course, source: str, verdict: Verdict, *, lasting: bool
) -> None:
    (assignment,) = course.assignments
    (exercise,) = assignment.exercises
    limits = msgspec.structs.replace(exercise.limits, cpu_seconds=1, wall_seconds=3.0)
    exercise = msgspec.structs.replace(exercise, limits=limits)
    course = msgspec.structs.replace(course, assignments=(msgspec.structs.replace(assignment, exercises=(exercise,)),))
    with Here(course, keys := Keys(course), Pool()) as executor:
        ((graded,),) = grade_class(course, keys, [hand_in(tmp_path, source)], executor)
    assert (graded.report.verdict, graded.lasting) == (verdict, lasting)


def test_nor_is_what_somebody_else_may_have_killed() -> None:
    """Of a program that ends itself otherwise, the same comes again."""
    assert attempts._by_chance(wire.Stopped("crash", "SIGKILL"))
    assert attempts._by_chance(wire.Stopped("crash", "SIGKILL", loading=True))
    assert not attempts._by_chance(wire.Stopped("crash", "SIGSEGV"))
    assert not attempts._by_chance(wire.Stopped("crash"))
