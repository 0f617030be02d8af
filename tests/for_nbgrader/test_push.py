"""`grader grade` on nbgrader's submitted/ tree, and its reports pushed into a gradebook."""

from __future__ import annotations

import shutil
import sqlite3

import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from nbgrader.api import Gradebook

from grader.cli.main import command
from grader.course.course_yml import load_course
from grader.errors import CourseError
from grader.for_nbgrader.gradebook.push import push_reports
from grader.judging.verdicts import CheckResult, Verdict
from grader.record.opening import open_record
from grader.record.writing import reports as reports_of
from grader.reports.marks import INSTEAD


@pytest.fixture(scope="module")
def reports(handed_in, tmp_path_factory):
    """The reports of `grader grade` on nbgrader's tree, without any gradebook, out of the record."""
    out = tmp_path_factory.mktemp("reports")
    place = out / "record.sqlite"
    root = tmp_path_factory.mktemp("tree") / "submitted"
    for student in ("right", "first-alone", "wrong-sign", "untouched", "renamed"):
        shutil.copytree(handed_in.root / "submitted" / student, root / student)
    arguments = [
        "--course",
        str(handed_in.root.parent),
        "grade",
        str(root),
        "--out",
        str(out),
        "--db",
        str(place),
        "--quiet",
    ]
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert done.return_value == 0, done.output
    course = load_course(handed_in.root.parent)
    with open_record(place, course.title) as record:
        return list(reports_of(record, course))


def expected(students) -> dict[str, dict[str, float]]:
    names = ("checks-sigmoid_grad", "checks-dead_relu_input")
    chosen = ("right", "first-alone", "wrong-sign", "untouched", "renamed")
    return {name: dict(zip(names, students[name]["scores"], strict=True)) for name in chosen}


def content(nb) -> list[str]:
    with sqlite3.connect(nb.root / "gradebook.db") as database:
        found = list(database.iterdump())
    database.close()
    return found


def test_a_released_assignment_gets_the_scores_of_the_reports(nb, reports, students) -> None:
    course = load_course(nb.root.parent)
    assert push_reports(course, reports, nb.root) == 20
    assert nb.scores("activations") == expected(students)


def test_pushing_twice_changes_nothing(nb, reports) -> None:
    course = load_course(nb.root.parent)
    push_reports(course, reports, nb.root)
    before = content(nb)
    push_reports(course, reports, nb.root)
    assert content(nb) == before


def test_a_gradebook_that_does_not_exist_is_made_as_nbgrader_makes_it(nb, reports, students) -> None:
    released = nb.copy(nb.root.parent.with_name("released"))
    (nb.root / "gradebook.db").unlink()
    push_reports(load_course(nb.root.parent), reports, nb.root)
    assert nb.scores("activations") == expected(students)
    cells = "select b.name, b.type, n.name, a.name from base_cell b join notebook n on n.id = b.notebook_id join assignment a on a.id = n.assignment_id order by 1, 2"
    sources = "select name, cell_type, locked, source, checksum from source_cell order by 1"
    for query in (cells, sources):
        found = [sqlite3.connect(each.root / "gradebook.db").execute(query).fetchall() for each in (nb, released)]
        assert found[0]
        assert found[0] == found[1]


def test_manual_scores_are_untouched(nb, reports) -> None:
    course = load_course(nb.root.parent)
    push_reports(course, reports, nb.root)
    url, where = f"sqlite:///{nb.root / 'gradebook.db'}", ("checks-sigmoid_grad", "activations", "activations", "right")
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade(*where)
        grade.manual_score, grade.auto_score = 2.0, 1.0
        gradebook.db.commit()
    push_reports(course, reports, nb.root)
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade(*where)
        assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (5.0, 2.0, True)


def test_points_in_the_place_of_the_judges_are_manual_ones_where_nbgrader_has_none(nb, reports) -> None:
    """What a person gives in formgrader afterwards stays."""
    course = load_course(nb.root.parent)
    (report,) = (each for each in reports if (each.student, each.assignment) == ("right", "activations"))
    url, where = f"sqlite:///{nb.root / 'gradebook.db'}", ("checks-sigmoid_grad", "activations", "activations", "right")
    instead = CheckResult(
        name=INSTEAD, claim="", public=True, verdict=Verdict.ACCEPTED, points=-1.5, max_points=0.0
    )  # fmt: skip
    given = [
        replace(each, checks=(*each.checks, instead)) if each.exercise == "sigmoid_grad" else each
        for each in report.exercises
    ]
    for manual in (None, 2.0):
        with Gradebook(url) as gradebook:
            if manual is not None:
                gradebook.find_grade(*where).manual_score = manual
                gradebook.db.commit()
        push_reports(course, [replace(report, exercises=tuple(given))], nb.root)
        with Gradebook(url) as gradebook:
            grade = gradebook.find_grade(*where)
            assert (grade.auto_score, grade.manual_score, grade.needs_manual_grade) == (5.0, manual or 3.5, False)
            assert gradebook.find_grade("checks-dead_relu_input", *where[1:]).manual_score is None


def test_what_could_not_be_judged_waits_for_a_person_and_is_left_to_one_who_has_looked(nb, reports) -> None:
    course = load_course(nb.root.parent)
    (report,) = (each for each in reports if (each.student, each.assignment) == ("right", "activations"))
    unjudged = [replace(each, verdict=Verdict.JUDGE_ERROR) for each in report.exercises]
    url, where = f"sqlite:///{nb.root / 'gradebook.db'}", ("checks-sigmoid_grad", "activations", "activations", "right")

    def pushed() -> tuple[float | None, float | None, bool]:
        push_reports(course, [replace(report, exercises=tuple(unjudged))], nb.root)
        with Gradebook(url) as gradebook:
            grade = gradebook.find_grade(*where)
            return grade.auto_score, grade.manual_score, grade.needs_manual_grade

    assert pushed() == (None, None, True)
    assert pushed() == (None, None, True)
    with Gradebook(url) as gradebook:
        grade = gradebook.find_grade(*where)
        grade.manual_score, grade.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    assert pushed() == (None, 2.0, False)


def test_the_due_date_and_the_time_of_submission_are_pushed_in_utc(nb, reports) -> None:
    (nb.root / "gradebook.db").unlink()
    push_reports(load_course(nb.root.parent), reports, nb.root)
    with Gradebook(f"sqlite:///{nb.root / 'gradebook.db'}") as gradebook:
        submission = gradebook.find_submission("activations", "right")
        assert str(submission.timestamp) == "2027-03-20 12:00:00"
        assert str(submission.duedate) == "2027-03-22 22:59:00"


def test_a_gradebook_that_differs_from_the_course_is_refused(nb, reports) -> None:
    with Gradebook(f"sqlite:///{nb.root / 'gradebook.db'}") as gradebook:
        gradebook.find_grade_cell("checks-sigmoid_grad", "activations", "activations").max_score = 7
        gradebook.db.commit()
    with pytest.raises(CourseError, match="checks-sigmoid_grad is worth 7 points in the database, and 5 in the course"):
        push_reports(load_course(nb.root.parent), reports, nb.root)
    with Gradebook(f"sqlite:///{nb.root / 'gradebook.db'}") as gradebook:
        assert gradebook.assignment_submissions("activations") == []


def test_the_command_names_the_gradebook_and_says_that_it_was_made(nb, handed_in, tmp_path, monkeypatch) -> None:
    """Typed in the course's folder it writes into one there, which nbgrader's own course may know nothing of."""
    monkeypatch.chdir(nb.root.parent)
    database = ["--db", str(tmp_path / "record.sqlite")]
    graded = [
        "grade",
        str(handed_in.root / "submitted"),
        "--student",
        "right",
        *database,
        "--out",
        str(tmp_path / "results"),
        "--no-repair",
    ]
    done = CliRunner().invoke(command, graded, standalone_mode=False)
    assert done.exception is None, (done.exception, done.output)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    said = [
        CliRunner().invoke(command, ["nbgrader", "push", *database, "--course-dir", str(folder)], standalone_mode=False)
        for folder in (nb.root, elsewhere, elsewhere)
    ]
    told = [
        f"reports are in nbgrader's gradebook, {folder / 'gradebook.db'}" for folder in (nb.root, elsewhere, elsewhere)
    ]
    new = "; it is new: where nbgrader has one elsewhere, name its course directory with --course-dir"
    assert [each.stdout.partition(" ")[2].strip() for each in said] == [told[0], told[1] + new, told[2]]


def test_without_reports_the_command_says_what_to_run(nb, tmp_path) -> None:
    arguments = [
        "--course",
        str(nb.root.parent),
        "nbgrader",
        "push",
        "--db",
        str(tmp_path / "record.sqlite"),
        "--course-dir",
        str(nb.root),
    ]
    done = CliRunner().invoke(command, arguments, standalone_mode=False)
    assert "run `grader grade SUBMITTED" in str(done.exception)
