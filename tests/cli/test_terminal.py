"""What is shown in a terminal of any width holds every number, and what a student printed is not cut off in silence."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from grader.cli.terminal import class_table, console, exercise_list
from grader.course.course_yml import load_course
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.reports.grades_csv import GradeRow
from grader.reports.pages import points
from grader.sandbox.printed import Printed
from repository import ROOT

if TYPE_CHECKING:
    from grader.course.model import Exercise

COURSE = load_course(ROOT)
NAMES = st.text(min_size=1, max_size=40).filter(lambda name: name.strip() and not re.search(r"[\d.]", name))
POINTS = st.sampled_from([0.0, 1.0, 7.25, 12.5, 33.33, 100.0, 1234.75])


def row(student: str, exercise: Exercise, score: float | None, most: float, verdict: Verdict) -> GradeRow:
    return GradeRow(
        student=student, assignment=exercise.assignment, exercise=exercise.id, score=score, max_score=most,
        verdict=verdict, misconceptions=(), submitted_at="",
    )  # fmt: skip


@st.composite
def classes(draw):
    """A course or a part of it, and some students' results in it."""
    assignments = draw(st.lists(st.sampled_from([each.id for each in COURSE.assignments]), unique=True, max_size=8))
    course = COURSE.select(assignments, ())
    rows = []
    for student in draw(st.lists(NAMES, unique=True, max_size=4)):
        for exercise in course.exercises():
            verdict = draw(st.sampled_from(Verdict))
            score = draw(POINTS) if verdict is not Verdict.JUDGE_ERROR else None
            rows.append(row(student, exercise, score, draw(POINTS), verdict))
    return course, rows


def printed(course, rows, width: int) -> str:
    screen = Console(width=width, file=io.StringIO(), highlight=False)
    screen.print(class_table(course, rows, screen.width))
    return screen.file.getvalue()  # type: ignore[attr-defined]


def numbers(text: str) -> set[str]:
    return set(re.findall(r"[\d.]+/[\d.]+|[\d.]+", text))


@pytest.mark.slow
@settings(max_examples=60)
@given(classes(), st.integers(20, 200))
def test_every_number_is_there_whole_at_any_width(found, width) -> None:
    """Of each student the total; of each assignment, or exercise, the points earned and possible, and the verdict."""
    course, rows = found
    text = printed(course, rows, width)
    assert all(len(line) <= width for line in text.splitlines() if line.isascii())
    shown = numbers(text)
    if len(course.assignments) == 1:
        for row in rows:
            if row.verdict not in (Verdict.JUDGE_ERROR, Verdict.NOT_ATTEMPTED):
                assert f"{points(row.score or 0)}/{points(row.max_score)}" in shown
    for student in {row.student for row in rows}:
        assert points(sum(row.score or 0 for row in rows if row.student == student)) in shown
        for assignment in course.assignments:
            mine = [row for row in rows if (row.student, row.assignment) == (student, assignment.id)]
            if not any(row.verdict is Verdict.JUDGE_ERROR for row in mine) and any(
                row.verdict is not Verdict.NOT_ATTEMPTED for row in mine
            ):
                total = f"{points(sum(row.score or 0 for row in mine))}/{points(sum(row.max_score for row in mine))}"
                each = {
                    f"{points(row.score or 0)}/{points(row.max_score)}"
                    for row in mine
                    if row.verdict is not Verdict.NOT_ATTEMPTED
                }
                assert total in shown or each <= shown


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_no_column_is_lost_and_the_total_stands_first(width) -> None:
    course = COURSE.select(("relu",), ())
    rows = [row("anna", exercise, 1.5, 13.0, Verdict.WRONG_ANSWER) for exercise in course.exercises()]
    text = printed(course, rows, width)
    assert text.count("1.5/13") == len(rows)
    assert text.index(points(1.5 * len(rows))) < text.index("1.5/13")
    for exercise in course.exercises():
        assert all(word in text for word in exercise.id.split("_"))


def test_a_pipe_is_as_wide_as_columns_says(monkeypatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    for named, width in {"63": 63, "0": 120, "": 120, "wide": 120}.items():
        monkeypatch.setenv("COLUMNS", named)
        assert console().width == width


def test_what_was_printed_is_not_cut_off_in_silence() -> None:
    screen = Console(width=80, file=io.StringIO())
    result = ExerciseResult.of("f", [])
    exercise_list(screen, result, Printed.of("".join(f"step {i}\n" for i in range(45))), "f.py", 5.0, [])
    lines = [line.strip() for line in screen.file.getvalue().splitlines()]  # type: ignore[attr-defined]
    assert lines[2:4] == ["step 0", "step 1"]
    assert "(15 more lines)" in lines
    assert lines[-1] == "step 44"
