"""What other graders are given in the comparison is what this one asks, and its page says what was measured."""

from __future__ import annotations

import contextlib
import json
from xml.etree import ElementTree as ET

import pytest
from peers import layouts
from peers.answers import KINDS, answers
from peers.checks import plain
from peers.page import Row, figures, page, plot

from grader.course.course_yml import load_course


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The comparison's course."""
    return layouts.make_course(tmp_path_factory.mktemp("peers"))


@pytest.fixture(scope="module")
def all_checks(made):
    """Its exercises' checks as plain modules."""
    course = load_course(made.ours)
    return [plain(course, exercise) for exercise in course.exercises()]


def points(checks, source: str) -> dict[str, float]:
    """What an answer is given by plain checks, by the name of the check."""
    module: dict = {}
    answer: dict = {}
    exec(checks.source, module)  # noqa: S102  the course's own functions
    exec(source, answer)  # noqa: S102  written in this repository
    found = dict.fromkeys([check.name for check in checks.checks], 0.0)
    for name in found:
        with contextlib.suppress(Exception):
            found[name] = sum(module["earned"](name, answer[checks.exercise]).values())
    return found


@pytest.mark.slow
def test_the_plain_checks_give_what_this_grader_gives(made, all_checks, tmp_path, run) -> None:
    """Check by check, to right, partly right and wrong answers; a real run grades the same files."""
    for kind, sources in KINDS.items():
        for exercise, source in sources.items():
            path = tmp_path / "submitted" / kind / layouts.ASSIGNMENT / f"{exercise}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
    places = ["--out", tmp_path / "out", "--db", tmp_path / "record.sqlite"]
    done = run("--course", made.ours, "grade", tmp_path / "submitted", "--no-repair", *places)
    assert done.code == 0, done.err
    given: dict = {}
    found: dict = {}
    for kind, sources in KINDS.items():
        path = tmp_path / "out" / "reports" / kind / f"{layouts.ASSIGNMENT}.json"
        for exercise in json.loads(path.read_text(encoding="utf-8"))["exercises"]:
            given |= {(kind, exercise["exercise"], each["name"]): each["points"] for each in exercise["checks"]}
        for checks in all_checks:
            earned = points(checks, sources[checks.exercise])
            found |= {(kind, checks.exercise, name): value for name, value in earned.items()}
    assert found == given
    totals = {kind: sum(value for (each, *_), value in found.items() if each == kind) for kind in KINDS}
    assert totals["right"] == totals["right, by loops"] > totals["partly right"] > totals["wrong"]


def test_the_others_are_given_every_check_with_its_points_and_hidden_unless_it_is_public(all_checks) -> None:
    """Otter's test files, without its own library, and nbgrader's source notebook."""
    cells = {
        each["metadata"]["nbgrader"]["grade_id"]: each
        for each in layouts.nbgrader_source(all_checks)["cells"]
        if each["metadata"]
    }
    for checks in all_checks:
        test = layouts.otter_test(checks)
        compile(test, checks.exercise, "exec")
        for check in checks.checks:
            assert all(
                f"points={points}, hidden={not check.public}" in test for points in check.parts.values() if points
            )
            cell = cells[f"{checks.exercise}-{check.name}"]
            assert cell["metadata"]["nbgrader"]["points"] == check.points
            assert cell["source"].startswith(f"# {check.claim}\n### BEGIN HIDDEN TESTS\n")
            assert cell["source"].endswith("\n### END HIDDEN TESTS")


def test_no_two_students_hand_in_the_same_bytes() -> None:
    handed_in = [source for number in range(30) for source in answers(number).values()]
    assert len(set(handed_in)) == len(handed_in)


@pytest.mark.slow
def test_the_page_and_the_plot_hold_each_way_against_nbgrader() -> None:
    rows = [
        Row("nbgrader autograde", "notebooks", 10, seconds=0.6, processor=0.5, memory=200, ours=False),
        Row("grader grade --jobs 2", "files", 10, seconds=0.005, processor=0.02, memory=300, ours=True),
    ]
    lines = page(rows, {"machine": "two cores"}).splitlines()
    assert "- machine: two cores" in lines
    assert "| nbgrader autograde | notebooks | 10 | 600 | 500 | 200 | 1.00 | 1.00 |" in lines
    assert "| grader grade --jobs 2 | files | 10 | 5.00 | 20.0 | 300 | 120 | 25.0 |" in lines
    drawn = plot(rows)
    assert drawn == plot(rows)
    words = {"".join(each.itertext()).strip() for each in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")}  # noqa: S314
    assert {"nbgrader autograde (notebooks)", "grader grade --jobs 2 (files)", "120", "25.0"} <= words
    assert [figures(value) for value in (0.0123, 9.999, 99.5, 1234.5)] == ["0.0123", "10.00", "99.5", "1,234"]
