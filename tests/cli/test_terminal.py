"""What is shown in a terminal of any width holds every number, and what a student printed is not cut off in silence."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from grader.cli.exercise import exercise_lines
from grader.cli.grades import term_table
from grader.cli.screen import console
from grader.cli.terminal import class_table
from grader.course.policies import Attempt, Late
from grader.course.term import Part, Rules, term
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict
from grader.reports.grades_csv import GradeRow
from grader.reports.pages import points
from grader.sandbox.printed import Printed
from repository import course_here

if TYPE_CHECKING:
    from grader.course.model import Exercise

COURSE = course_here()
NAMES = st.text(min_size=1, max_size=40).filter(lambda name: name.strip() and not re.search(r"[\d.]", name))
POINTS = st.sampled_from([0.0, 1.0, 7.25, 12.5, 33.33, 100.0, 1234.75])


def row(student: str, exercise: Exercise, score: float | None, most: float, verdict: Verdict) -> GradeRow:
    return GradeRow(
        student=student, assignment=exercise.assignment, exercise=exercise.id, score=score, max_score=most,
        verdict=verdict, misconceptions=(), submitted_at="", penalty=0.0, final=score,
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


def printed(course, rows, width: int, table=class_table) -> str:
    screen = Console(width=width, file=io.StringIO(), highlight=False)
    screen.print(table(course, rows, screen.width))
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


def test_a_name_is_broken_between_its_parts() -> None:
    """Before a part, after what ends one; a part alone that is too long is broken anywhere."""
    rows = [row(name, each, 1.0, 1.0, Verdict.ACCEPTED) for name in NAMED for each in COURSE.exercises()]
    lines = [line.split("  ")[0].rstrip() for line in printed(COURSE, rows, 60).splitlines()]
    for part in ("formula.cmd.c.", "calc.a0@uni.", "example", "Ana de la Cruz-", "Smith", "x" * 15):
        assert part in lines


NAMED = ("formula.cmd.c.calc.a0@uni.example", "Ana de la Cruz-Smith", "x" * 30)


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_no_column_is_lost_and_the_total_stands_first(width) -> None:
    course = COURSE.select(("relu",), ())
    rows = [row("anna", exercise, 1.5, 13.0, Verdict.WRONG_ANSWER) for exercise in course.exercises()]
    text = printed(course, rows, width)
    assert text.count("1.5/13") == len(rows)
    assert text.index(points(1.5 * len(rows))) < text.index("1.5/13")
    for exercise in course.exercises():
        assert all(word in text for word in exercise.id.split("_"))


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
def test_a_term_has_every_assignment_and_every_sum_whole(width) -> None:
    """Who handed in nothing, where nothing is due yet, has no sum, and waits for nobody."""
    now = datetime(2027, 1, 1, tzinfo=UTC)
    parts = [
        Part(name=each.id, due=now + timedelta(days=1), late=Late(), possible={"e": 1234.75})
        for each in COURSE.assignments
    ]
    mine = {
        (each.name, "e"): [Attempt(name="a", at=now, trusted=True, points=1111.25, possible=1234.75)] for each in parts
    }
    found = [term(who, (), parts, attempts, Rules(), now=now) for who, attempts in {"ann": mine, "bo": {}}.items()]
    text = printed(COURSE, found, width, term_table)
    assert all(len(line) <= width for line in text.splitlines())
    assert (text.count("1111.25"), "90 %" in text) == (len(parts), True)
    assert all(word in text for each in COURSE.assignments for word in each.id.split("_"))
    assert re.search(r"^ *(bo|term) +-", text, re.MULTILINE)
    assert text.count("waits") == 1  # in the words below the table


def test_a_pipe_is_as_wide_as_columns_says(monkeypatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    for named, width in {"63": 63, "0": 120, "": 120, "wide": 120}.items():
        monkeypatch.setenv("COLUMNS", named)
        assert console().width == width


def test_what_was_printed_is_not_cut_off_in_silence() -> None:
    printed = Printed.of("".join(f"step {i}\n" for i in range(45)))
    lines = [line.plain.strip() for line in exercise_lines(ExerciseResult.of("f", []), printed, "f.py", 5.0, {}, 80)]
    assert lines[2:4] == ["step 0", "step 1"]
    assert "(15 more lines)" in lines
    assert lines[-1] == "step 44"


@given(st.integers(20, 120), st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200))
def test_what_is_said_of_a_check_keeps_its_indent_at_any_width(width: int, said: str) -> None:
    check = CheckResult(
        name="c", claim=said, public=True, verdict=Verdict.WRONG_ANSWER, points=0.0, max_points=1.0, feedback=said
    )
    head, *lines = exercise_lines(ExerciseResult.of("f", [check]), Printed(), "f.py", 5.0, {}, width)
    assert head.plain == "f  WRONG_ANSWER  f.py"
    assert lines[0].plain.startswith("  ✗ ")
    assert all(line.plain.startswith("    ") for line in lines[1:])
    assert all(cell_len(line.plain) <= width for line in lines)
