"""`grader report` and `grader summary`: what an instructor sees of a class, out of its record alone."""

from __future__ import annotations

import csv
import html.parser
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.cells import cell_len

from classroom import HOSTILE, answer, names, record_class
from grader.course.course_yml import load_course
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict, nothing_handed_in
from grader.record.opening import open_record
from grader.reports import plots

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.course.model import Course
    from grader.submissions.submission import By

COURSE_YML = """\
title: "Calculus <b>&</b> more"
seed: 7
assignments:
  - id: jacobians
    title: Jacobians by hand
    due: 2027-03-01T08:00:00Z
    late: {percent: 10, per: hour}
    exercises: [manual_jacobian, sigmoid_grad]
  - id: backprop
    title: Backpropagation
    exercises: [backprop_batch]
"""


class Page(html.parser.HTMLParser):
    """What a browser would make of a page: its elements, the rows of each table, and its links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.rows: Counter[str] = Counter()
        self.links: list[str] = []
        self._table = ""
        self.handlers: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags[tag] += 1
        self.handlers += [name for name in found if name.startswith("on")]
        if tag == "table":
            self._table = (found["id"] or "").removeprefix("t-")
        self.rows[self._table] += tag == "tr"
        if tag == "a":
            self.links.append(found["href"] or "")


@pytest.fixture
def course(make_course: Callable[..., Path]) -> Course:
    return load_course(make_course(COURSE_YML))


@pytest.fixture
def report(run, course: Course, tmp_path: Path):
    """Run `grader report` on the course; gives the page, its text, and what was printed."""

    def call(*arguments: object) -> tuple[Page, str, Any]:
        ran = run(
            "--course", course.root, "report", "--results", tmp_path / "out", "--csv", tmp_path / "csv", *arguments
        )
        assert ran.code == 0, ran.err
        text = Path(ran.out.strip()).read_text(encoding="utf-8")
        return Page(text), text, ran

    return call


def tables(folder: Path) -> dict[str, list[dict[str, str]]]:
    return {
        path.stem: list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        for path in sorted(folder.glob("*.csv"))
    }


@pytest.mark.slow
def test_the_page_has_every_table_whole_and_nothing_of_a_name_acts(report, course, database, tmp_path):
    """Twenty names try to; without its script the page has every row that the files have, and it is the same each time."""
    students = names(30)
    with open_record(database, course.title) as record:
        record.begin_run("grade", "submitted")
        record_class(record, course, students)
    pages = tmp_path / "out" / "feedback"
    for student in ("student-0005", HOSTILE[16]):
        (pages / student).mkdir(parents=True)
        (pages / student / "jacobians.html").touch()

    page, text, _ = report()
    found = tables(tmp_path / "csv")
    shown = {
        "look-first",
        "scores",
        "distribution",
        "exercises",
        "checks",
        "misconceptions",
        "unnamed",
        "attempts",
        "late",
    }
    of_students = {"students", "students-jacobians", "students-backprop", "marks-jacobians", "marks-backprop"}
    assert found.keys() == shown | of_students
    assert {name: page.rows[name] - 1 for name, rows in found.items() if rows} == {name: len(rows) for name, rows in found.items() if rows}  # fmt: skip
    assert [
        row["student"] for row in found["students"] if row["student"].isascii() and row["student"][0].isalnum()
    ] == sorted(name for name in students if name.isascii() and name[0].isalnum())
    assert (page.tags["script"], page.tags["img"], page.tags["b"], page.handlers) == (1, 0, 0, [])
    assert page.tags["svg"] == 3
    assert Counter(link for link in page.links if not link.startswith("#")) == {
        "feedback/student-0005/jacobians.html": 2,
        "feedback/%D9%85%D8%AD%D9%85%D8%AF%20%D8%B9%D9%84%D9%8A/jacobians.html": 2,
    }
    assert not re.search(r"<bdi>[^<]*\u202e", text)
    assert report()[1] == text

    _, one, _ = report("jacobians", "--out", tmp_path / "elsewhere" / "page.html")
    assert 'href="../out/feedback/student-0005/jacobians.html"' in one
    assert {"checks-manual_jacobian", "checks-sigmoid_grad"} <= tables(tmp_path / "csv").keys()


def test_what_waits_for_the_instructor_comes_first(report, course, database, tmp_path):
    """What could not be judged, may be an answer or waits for points, whose newest answer failed, who is gone, or not graded yet."""
    first, second, third = course.exercises()
    good, better = ExerciseResult.of(first.id, [check()]), ExerciseResult.of(first.id, [check(points=2.0)])
    nothing = ExerciseResult.of(first.id, [check(Verdict.NOT_ATTEMPTED, feedback=nothing_handed_in(first.id))])
    stray = ExerciseResult.of(
        second.id, [check(Verdict.NOT_ATTEMPTED, feedback="No answer is in its place; 'x.py' may be one.")]
    )
    words = ExerciseResult.of(third.id, [check(kept="<i>since the sum</i>", points=0.0)])
    broken = ExerciseResult.unjudged(first.id, "the judge raised ZeroDivisionError\nTraceback: line 7")
    with open_record(database, course.title) as record:
        record.begin_run("grade", "submitted")
        record.add([answer("ann", first, broken), answer("ann", second, stray), answer("ann", third, words)])
        record.add([answer("bob", first, good), answer("cleo", first, better)])
        record.flush()
        record.begin_run("grade", "submitted")
        record.add([answer("bob", first, broken, at="2027-03-02T00:00:00Z"), answer("cleo", first, nothing)])
    _, text, _ = report()
    assert [(row["what"], row["of"], row["why"], row["students"]) for row in tables(tmp_path / "csv")["look-first"]] == [
        ("could not be judged", first.id, "the judge raised ZeroDivisionError", "ann"),
        ("may be an answer, and was not graded", second.id, "No answer is in its place; 'x.py' may be one.", "ann"),
        ("not among the submissions any more", "all", "earlier results stay, and are in the numbers", "cleo"),
        ("not graded yet", "backprop", "others were: `grader grade SUBMITTED`", "bob; cleo"),
        ("not graded yet", "jacobians", "others were: `grader grade SUBMITTED`", "bob; cleo"),
        ("the newest could not be judged, an earlier result counts", first.id, "the judge raised ZeroDivisionError", "bob"),
        ("waits for your points", third.id, "words: `grader mark`", "ann"),
    ]  # fmt: skip
    assert text.index("What waits for you") < text.index("Points by assignment")
    exercises = {row["exercise"]: row for row in tables(tmp_path / "csv")["exercises"]}
    assert (exercises[first.id]["answered"], exercises[first.id]["waits"], exercises[first.id]["share of points"]) == ("2", "1", "0.75")  # fmt: skip
    students = {row["student"]: row for row in tables(tmp_path / "csv")["students-jacobians"]}
    assert (students["ann"][first.id], students["ann"][second.id], students["bob"][first.id]) == ("not judged", "", "1.0")  # fmt: skip


def test_what_nobody_has_answered_yet_lowers_nobodys_share(report, run, course, database, tmp_path):
    """Early in a term, on the page and in the summary."""
    first, _, later = course.exercises()
    nothing = check(Verdict.NOT_ATTEMPTED, feedback=nothing_handed_in(later.id), points=0.0)
    with open_record(database, course.title) as record:
        record.begin_run("grade", "submitted")
        record.add([answer("ann", first, ExerciseResult.of(first.id, [check(points=2.0)]))])
        record.add([answer("ann", later, ExerciseResult.of(later.id, [nothing]))])
        record.flush()
    _, text, _ = report()
    assert "Of the points in what anybody has answered they have 100 % in the mean" in text
    counts = {row["share of the points"]: row["students"] for row in tables(tmp_path / "csv")["distribution"]}
    assert (counts["0 to 10 %"], counts["90 to 100 %"]) == ("0", "1")
    assert "mean 100 %" in run("--course", course.root, "summary").out


@pytest.mark.slow
def test_late_work_is_told_with_whose_word_it_is_and_what_it_costs(report, run, course, database, tmp_path):
    """A service's word costs points; of a file's own time, and of Canvas's flag, it is said that it costs nothing; extensions count.

    The summary counts what a service says, and not what a file says of itself.
    """
    first = course.exercises()[0]
    with open_record(database, course.title) as record:
        record.begin_run("grade", "submitted")
        arrivals: tuple[tuple[str, str, By], ...] = (
            ("ann", "2027-03-01T10:30:00Z", "service"), ("bob", "2027-03-01T09:00:00Z", "file"),
            ("cleo", "2027-03-01T07:59:00Z", "service"), ("dan", "2027-03-01T10:30:00Z", "service"), ("eve", "no time", "file"),
            ("flo", "2027-03-01T07:00:00Z", "canvas"),
        )  # fmt: skip
        for student, at, by in arrivals:
            record.add([answer(student, first, ExerciseResult.of(first.id, [check(points=2.0)]), at=at, by=by)])
        record.act("extend", "ill", {"who": "dan", "assignment": "jacobians", "until": "2027-03-02T00:00:00+00:00"})
    report()
    found = tables(tmp_path / "csv")
    assert [tuple(row.values()) for row in found["late"]] == [
        ("ann", "jacobians", "2027-03-01 08:00", "2027-03-01 10:30", "2.5", "0.6", "a service's"),
        ("bob", "jacobians", "2027-03-01 08:00", "2027-03-01 09:00", "1.0", "0.0", "the file's own: it costs nothing"),
        ("flo", "jacobians", "2027-03-01 08:00", "", "", "0.0",
         "Canvas's, which says that it was late and not by how much: it costs nothing, and is for you to decide"),
    ]  # fmt: skip
    assert [(row["day"], row["answers"]) for row in found["attempts"]] == [("2027-03-01", "5")]
    assert "late: 2 assignments of 2 students" in run("--course", course.root, "summary").out


def test_without_results_it_says_what_to_do(run, course, database, tmp_path):
    """No record, a record without results of the assignment, another course's record, an assignment that is none."""

    def told(command: str, *arguments: str) -> tuple[int, str]:
        ran = run("--course", course.root, command, *arguments)
        return ran.code, ran.err

    commands = (("report",), ("summary",), ("mistakes",), ("audit", "ann"))
    for command in commands:
        code, said = told(*command)
        assert (code, "there is no record at" in said, "run `grader grade SUBMITTED` first" in said) == (2, True, True)
    with open_record(database, course.title):
        pass  # as a run leaves it that found nobody's folder
    for command in commands:
        code, said = told(*command)
        assert (code, "has no results yet: run `grader grade SUBMITTED` first" in said) == (2, True)
    with open_record(database, course.title) as record:
        record.begin_run("grade", "submitted")
        record.add([answer("ann", course.exercises()[0], ExerciseResult.of("manual_jacobian", [check()]))])
    for name in ("report", "summary"):
        code, said = told(name, "backprop")
        assert (code, "has no results of backprop yet: run `grader grade SUBMITTED` first" in said) == (2, True)
        code, said = told(name, "jacobian")
        assert (code, "there is no assignment 'jacobian'; did you mean 'jacobians'?" in said) == (2, True)
        code, said = told(name, "--db", str(tmp_path / "none.sqlite"))
        assert (code, "there is no record at" in said) == (2, True)
    with open_record(tmp_path / "other.sqlite", "Another course") as record:
        record.begin_run("grade", "submitted")
    code, said = told("report", "--db", str(tmp_path / "other.sqlite"))
    assert (code, "is the record of 'Another course', not of" in said) == (2, True)


@pytest.mark.slow
def test_without_matplotlib_all_is_there_but_the_plots(report, course, database, monkeypatch):
    with open_record(database, course.title) as record:
        record.begin_run("grade", "submitted")
        record_class(record, course, names(5))
    with_plots, _, ran = report()
    assert "pip install matplotlib" not in ran.err
    monkeypatch.setattr(plots, "Figure", None)
    without, _, ran = report()
    assert "pip install matplotlib" in ran.err
    assert (with_plots.tags["svg"], without.tags["svg"], without.rows) == (3, 0, with_plots.rows)


@pytest.mark.parametrize("width", [40, 80])
def test_a_summary_fits_into_twenty_lines_of_a_terminal(run, course, database, monkeypatch, width):
    with open_record(database, course.title) as record:
        record.begin_run("grade", "submitted")
        record_class(record, course, names(40), at="2027-03-01T09:00:00Z")
        first = course.exercises()[0]
        record.add([answer("zoe", first, ExerciseResult.unjudged(first.id, "no key"))])
    monkeypatch.setenv("COLUMNS", str(width))
    lines = run("--course", course.root, "summary").out.splitlines()
    assert len(lines) <= 20
    assert max(map(cell_len, lines)) <= width
    assert "1 could not be judged" in lines
    assert "late: 40 assignments of 40 students" in lines
    hardest = lines.index("hardest exercises: share, discrimination")
    assert all(re.fullmatch(r" *\d+ % +[-+]\S* +\w+", line) for line in lines[hardest + 1 : hardest + 4])


@pytest.mark.slow
def test_a_live_page_is_written_again_as_results_come_and_at_the_end_once_more(course, database, tmp_path):
    """It may begin before there is a record. What is left after Ctrl-C reloads itself no more."""
    page = tmp_path / "page.html"
    command = ["--course", str(course.root), "report", "--live", "--every", "0.5", "--out", str(page), "--csv", str(tmp_path / "csv")]  # fmt: skip
    with subprocess.Popen([sys.executable, "-m", "grader.cli", *command], stdout=subprocess.PIPE, text=True) as process:
        try:
            wait_for(page, "0 students")
            with open_record(database, course.title) as record:
                record.begin_run("grade", "submitted")
                record_class(record, course, ["ann"])
                wait_for(page, "1 student,")
                record_class(record, course, ["bob"])
            wait_for(page, "2 students")
            assert 'data-seconds="0.5"' in page.read_text(encoding="utf-8")
            assert not (tmp_path / "csv").exists()
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()
    assert "data-seconds" not in page.read_text(encoding="utf-8")
    assert len(tables(tmp_path / "csv")["students"]) == 2


def wait_for(page: Path, words: str) -> None:
    """The page has the words, sooner or later."""
    until = time.monotonic() + 120
    while not (page.exists() and words in page.read_text(encoding="utf-8")):
        assert time.monotonic() < until, words
        time.sleep(0.1)


def check(verdict: Verdict = Verdict.ACCEPTED, points: float = 1.0, **more: Any) -> CheckResult:
    return CheckResult(
        name="values", claim="gives them", public=False, verdict=verdict, max_points=2.0,
        points=points if verdict is Verdict.ACCEPTED else 0.0, **more,
    )  # fmt: skip
