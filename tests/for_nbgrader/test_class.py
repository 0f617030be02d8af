"""A class of twenty through the real nbgrader and through `grader nbgrader autograde`: exact scores, equal rows."""

from __future__ import annotations

import csv
import sqlite3

import pytest

from commands import run_module
from grader.for_nbgrader.autograde.classrun import autograde_class

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def by_nbgrader(handed_in, tmp_path_factory):
    """The class graded by `nbgrader autograde` with our two lines in its configuration."""
    nb = handed_in.copy(tmp_path_factory.mktemp("stock") / "course")
    run_module("nbgrader", "autograde", "activations", root=nb.root)
    return nb


@pytest.fixture(scope="module")
def by_grader(handed_in, tmp_path_factory):
    """The class graded by `grader nbgrader autograde`."""
    nb = handed_in.copy(tmp_path_factory.mktemp("ours") / "course")
    printed = run_module("grader.cli", "nbgrader", "autograde", "activations", "--jobs", "2", root=nb.root)
    assert "20 graded" in printed
    assert "course: Neural-network calculus, in " in printed
    return nb


def rows(nb, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(nb.root / "gradebook.db") as database:
        found = sorted(database.execute(query).fetchall(), key=repr)
    database.close()
    return found


def expected(students) -> dict[str, dict[str, float]]:
    names = ("checks-sigmoid_grad", "checks-dead_relu_input")
    return {student: dict(zip(names, entry["scores"], strict=True)) for student, entry in students.items()}


def test_nbgrader_gives_every_student_the_exact_scores(by_nbgrader, students) -> None:
    assert by_nbgrader.scores("activations") == expected(students)


def test_the_class_at_once_gets_the_same_scores(by_grader, students) -> None:
    assert by_grader.scores("activations") == expected(students)


@pytest.mark.parametrize("query", [
    "select student_id, name, timestamp, extension from submitted_assignment s join assignment a on a.id = assignment_id",
    "select * from student",
    "select name, duedate, course_id from assignment",
    """select s.student_id, n.name, sn.flagged, sn.late_submission_penalty from submitted_notebook sn
       join notebook n on n.id = sn.notebook_id join submitted_assignment s on s.id = sn.assignment_id""",
    """select s.student_id, n.name, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade
       from grade g join base_cell c on c.id = g.cell_id join submitted_notebook sn on sn.id = g.notebook_id
       join notebook n on n.id = sn.notebook_id join submitted_assignment s on s.id = sn.assignment_id""",
    """select s.student_id, n.name, c.name, g.auto_comment, g.manual_comment
       from comment g join base_cell c on c.id = g.cell_id join submitted_notebook sn on sn.id = g.notebook_id
       join notebook n on n.id = sn.notebook_id join submitted_assignment s on s.id = sn.assignment_id""",
])  # fmt: skip
def test_both_ways_leave_the_same_rows_in_the_gradebook(by_nbgrader, by_grader, query) -> None:
    found = rows(by_grader, query)
    assert found
    assert found == rows(by_nbgrader, query)


def test_both_ways_leave_the_same_notebooks_and_files(by_nbgrader, by_grader) -> None:
    def files(nb):
        autograded = nb.root / "autograded"
        return {str(path.relative_to(autograded)): path for path in autograded.rglob("*") if path.is_file()}

    ours, stock = files(by_grader), files(by_nbgrader)
    assert ours.keys() == stock.keys()
    for name, path in ours.items():
        assert path.read_text() == stock[name].read_text(), name
        assert path.stat().st_mode == stock[name].stat().st_mode


def test_a_second_run_grades_nothing_again(by_grader) -> None:
    before = (by_grader.root / "gradebook.db").read_bytes()
    done = autograde_class(by_grader.root, "activations", None)
    assert (done.graded, len(done.skipped), done.failed) == ((), 20, {})
    assert (by_grader.root / "gradebook.db").read_bytes() == before


def test_several_students_are_graded_alone(handed_in, students, tmp_path) -> None:
    nb = handed_in.copy(tmp_path / "course")
    first, second, *others = sorted(students)
    command = ("grader.cli", "nbgrader", "autograde", "activations", "--jobs", "1", "--student", second)
    assert "submitted/nobody/activations" in run_module(*command, "--student", "nobody", root=nb.root, code=2)
    assert not (nb.root / "autograded").exists()
    printed = run_module(*command, "--student", first, root=nb.root)
    counts, course = printed.splitlines()
    assert counts == "2 graded, 0 were graded before, 0 could not be graded"
    assert course.startswith("course: Neural-network calculus, in ")
    assert {path.name for path in (nb.root / "autograded").iterdir()} == {first, second}
    seen = []
    done = autograde_class(
        nb.root, "activations", None, students=[others[0], first], advance=lambda *far: seen.append(far)
    )
    assert (done.graded, done.skipped, seen) == ((others[0],), (first,), [(0, 2), (2, 2)])


def test_a_terminal_shows_how_far_the_class_is(handed_in, students, tmp_path, monkeypatch) -> None:
    nb = handed_in.copy(tmp_path / "course")
    monkeypatch.setenv("FORCE_COLOR", "1")
    printed = run_module("grader.cli", "nbgrader", "autograde", "activations", "--student", min(students), root=nb.root)
    assert "grading" in printed
    assert "1/1" in printed


def test_feedback_names_the_mistake_and_nothing_hidden(by_nbgrader, students) -> None:
    by_nbgrader.feedback("activations")
    for student, entry in students.items():
        page = (by_nbgrader.root / "feedback" / student / "activations" / "activations.html").read_text()
        assert str(entry.get("says", "points")) in page
        assert "The rows of W are independent" not in page  # a comment of the reference's
        assert "<script>alert(1)" not in page.replace("&lt;", "")


def test_the_exporter_quotes_what_nbgrader_does_not(by_grader, students, tmp_path) -> None:
    from nbgrader.api import Gradebook  # noqa: PLC0415

    from grader.for_nbgrader.gradebook.quoted_csv import QuotedCsv  # noqa: PLC0415

    out = tmp_path / "grades.csv"
    with Gradebook(f"sqlite:///{by_grader.root / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_student("right", last_name='O"Hara, "Jr."\nthe second', first_name="=HYPERLINK(1)")
        exporter = QuotedCsv(to=str(out), assignment=["activations"])
        exporter.export(gradebook)
        gradebook.update_or_create_student("right", last_name=None, first_name=None)
    with out.open(newline="") as file:
        lines = {line["student_id"]: line for line in csv.DictReader(file)}
    assert {name: float(line["score"]) for name, line in lines.items()} == {
        name: sum(entry["scores"]) for name, entry in students.items()
    }
    assert lines["right"]["last_name"] == 'O"Hara, "Jr."\nthe second'
    assert lines["right"]["first_name"] == "'=HYPERLINK(1)"


def test_nbgrader_exports_the_same_scores(by_nbgrader, students) -> None:
    run_module("nbgrader", "export", "--to", "stock.csv", root=by_nbgrader.root)
    with (by_nbgrader.root / "stock.csv").open(newline="") as file:
        found = {line["student_id"]: float(line["score"]) for line in csv.DictReader(file)
                 if line["assignment"] == "activations"}  # fmt: skip
    assert found == {name: sum(entry["scores"]) for name, entry in students.items()}
