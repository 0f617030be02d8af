"""What is refused, in words that name the fault and the way out; and nobody gets points by it."""

from __future__ import annotations

import copy
import importlib.metadata
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from sqlalchemy import event
from traitlets.config import Config

from grader.errors import CourseError, UsageError
from grader.for_nbgrader.autograde.classrun import autograde_class
from grader.for_nbgrader.gradebook import database
from grader.for_nbgrader.gradebook.database import OneWriter
from grader.for_nbgrader.preprocessors.judge_exercises import JudgeExercises
from grader.for_nbgrader.versions import require_nbgrader
from grader.nbgrader import configure

NOTHING = {"checks-sigmoid_grad": None, "checks-dead_relu_input": None}


@pytest.fixture
def submitted(nb, students):
    """One right submission."""
    nb.submit("ada", "activations", nb.answered("activations", **students["right"]))
    return nb


def test_no_execute_gives_nobody_points(submitted, caplog) -> None:
    config = submitted.config()
    config.Execute.enabled = False
    assert not submitted.autograde("activations", config)
    assert submitted.scores("activations") == {"ada": NOTHING}
    assert "--no-execute" in caplog.text


def test_without_our_step_nbgrader_gives_nobody_points(submitted) -> None:
    assert submitted.autograde("activations", Config())
    assert submitted.scores("activations") == {"ada": dict.fromkeys(NOTHING, 0.0)}


@pytest.mark.parametrize("extra", [Execute, JudgeExercises], ids=["beside Execute", "twice"])
def test_a_second_step_that_runs_code_is_refused(submitted, caplog, extra) -> None:
    config = submitted.config()
    config.Autograde.autograde_preprocessors = [extra, *config.Autograde.autograde_preprocessors]
    assert not submitted.autograde("activations", config)
    assert submitted.scores("activations") == {"ada": NOTHING}
    assert "more than one step that runs code" in caplog.text


def test_cells_that_are_no_exercise_are_refused_by_name(nb, students, caplog) -> None:
    add_plain_cell(nb)
    nb.submit("ada", "activations", nb.answered("activations", **students["right"]))
    assert not nb.autograde("activations")
    assert "test cells that are no exercise of the course: own-test" in caplog.text
    assert nb.scores("activations") == {"ada": {**NOTHING, "own-test": None}}


def add_plain_cell(nb) -> None:
    """Release the assignment again, with a test cell of the instructor's own."""
    source = nb.root / "source" / "activations" / "activations.ipynb"
    notebook = nbformat.read(source, as_version=4)
    cell = new_code_cell("assert sigmoid_grad(0.0) == 0.25")
    cell.metadata["nbgrader"] = {
        "grade": True, "grade_id": "own-test", "locked": True, "points": 2, "schema_version": 3, "solution": False,
        "task": False,
    }  # fmt: skip
    notebook.cells.append(cell)
    nbformat.write(notebook, source)
    for path in (nb.root / "release" / "activations").iterdir():
        path.unlink()
    (nb.root / "release" / "activations").rmdir()
    nb.generate("activations")


def test_such_cells_run_in_a_kernel_where_that_is_asked_for(nb, students, caplog) -> None:
    add_plain_cell(nb)
    nb.submit("ada", "activations", nb.answered("activations", **students["right"]))
    nb.submit("bob", "activations", nb.answered("activations", **students["wrong-sign"]))
    config = nb.config()
    config.JudgeExercises.plain_cells = "execute"
    config.Execute.timeout = 60
    assert nb.autograde("activations", config)
    assert nb.scores("activations") == {
        "ada": {"checks-sigmoid_grad": 5.0, "checks-dead_relu_input": 8.0, "own-test": 2.0},
        "bob": {"checks-sigmoid_grad": 0.0, "checks-dead_relu_input": 0.0, "own-test": 0.0},
    }
    assert "NOT ISOLATED: own-test" in caplog.text
    nb.feedback("activations")
    for student in ("ada", "bob"):
        page = (nb.root / "feedback" / student / "activations" / "activations.html").read_text()
        assert page.count("This cell ran in a kernel, not isolated from the code above it.") == 1


def class_at_once(nb, assignment: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: nbclient leaves a thread's event loop open."""
    command = [sys.executable, "-W", "ignore", "-m", "grader.cli", "nbgrader", "autograde", assignment]
    return subprocess.run(command, cwd=nb.root, capture_output=True, text=True, check=False, timeout=120)


def execute_plain_cells(nb) -> None:
    config = (nb.root / "nbgrader_config.py").read_text()
    (nb.root / "nbgrader_config.py").write_text(config.replace("configure(c, ", 'configure(c, plain_cells="execute", '))


@pytest.mark.long
def test_the_class_at_once_says_which_cells_are_not_isolated(nb, students) -> None:
    add_plain_cell(nb)
    nb.submit("ada", "activations", nb.answered("activations", **students["right"]))
    refused = class_at_once(nb, "activations")
    assert (refused.returncode, "NOT ISOLATED" in refused.stderr) == (1, False)
    execute_plain_cells(nb)
    done = class_at_once(nb, "activations")
    assert done.returncode == 0, done.stderr
    assert "NOT ISOLATED, run in a kernel: activations: own-test" in done.stderr
    assert nb.scores("activations") == {
        "ada": {"checks-sigmoid_grad": 5.0, "checks-dead_relu_input": 8.0, "own-test": 2.0}
    }


def test_an_assignment_that_differs_from_the_course_is_named(submitted, caplog) -> None:
    checks = submitted.root.parent / "solutions" / "activations" / "sigmoid_grad_checks.py"
    text = checks.read_text()
    worth = sum(float(points) for points in re.findall(r"points=([\d.]+)", text))
    assert worth == 5
    checks.write_text(re.sub(r"points=([\d.]+)", lambda found: f"points={2 * float(found[1])}", text))
    assert not submitted.autograde("activations")
    assert "checks-sigmoid_grad is worth 5 points in the database, and 10 in the course" in caplog.text
    assert "nbgrader generate_assignment activations --force" in caplog.text
    assert submitted.scores("activations") == {"ada": NOTHING}


def test_an_exercise_that_the_course_has_dropped_is_named(submitted) -> None:
    text = (submitted.root.parent / "course.yml").read_text()
    (submitted.root.parent / "course.yml").write_text(text.replace(", dead_relu_input", ""))
    done = autograde_class(submitted.root, "activations", None)
    assert "checks-dead_relu_input is of no exercise of the course" in done.failed["ada"]
    assert submitted.scores("activations") == {"ada": NOTHING}


def test_an_assignment_that_was_never_released_is_named(nb) -> None:
    nb.submit("ada", "chess", nb.released("activations"))
    with pytest.raises(UsageError, match="run `nbgrader generate_assignment chess`"):
        autograde_class(nb.root, "chess", None)


def test_a_broken_notebook_leaves_its_grades_empty_and_the_class_is_graded(submitted) -> None:
    submitted.submit("bob", "activations", "{ not JSON")
    at_once = submitted.copy(submitted.root.parent.with_name("at-once"))
    assert not submitted.autograde("activations")
    done = autograde_class(at_once.root, "activations", None)
    assert list(done.failed) == ["bob"]
    full = {"checks-sigmoid_grad": 5.0, "checks-dead_relu_input": 8.0}
    for nb in (submitted, at_once):
        assert nb.scores("activations") == {"ada": full, "bob": NOTHING}
        assert not (nb.root / "autograded" / "bob" / "activations").exists()


def test_a_fault_of_the_course_leaves_grades_empty(submitted, caplog) -> None:
    checks = submitted.root.parent / "solutions" / "activations" / "sigmoid_grad_checks.py"
    checks.write_text(checks.read_text() + "\nraise RuntimeError('the instructor was here')\n")
    assert not submitted.autograde("activations")
    assert "the instructor was here" in caplog.text
    assert submitted.scores("activations") == {"ada": NOTHING}


def test_grading_again_keeps_manual_scores(submitted) -> None:
    assert submitted.autograde("activations")
    where = ("checks-sigmoid_grad", "activations", "activations", "ada")
    url = f"sqlite:///{submitted.root / 'gradebook.db'}"
    for again in (
        lambda: submitted.autograde("activations", force=True),
        lambda: autograde_class(submitted.root, "activations", None, force=True),
    ):
        with Gradebook(url) as gradebook:
            gradebook.find_grade(*where).manual_score = 3.5
            gradebook.find_grade(*where).auto_score = 1.0
            gradebook.db.commit()
        assert again()
        with Gradebook(url) as gradebook:
            grade = gradebook.find_grade(*where)
            assert (grade.manual_score, grade.auto_score, grade.score) == (3.5, 5.0, 3.5)


def test_late_penalties_are_those_of_nbgrader(submitted) -> None:
    """In the gradebook and on the student's page, graded either way."""
    url = f"sqlite:///{submitted.root / 'gradebook.db'}"
    with Gradebook(url) as gradebook:
        gradebook.update_or_create_assignment("activations", duedate="2027-03-22 22:59:00 UTC")
    place = submitted.root / "submitted" / "ada" / "activations" / "timestamp.txt"
    place.write_text("2027-03-23 10:00:00 UTC")
    at_once = submitted.copy(submitted.root.parent.with_name("at-once"))
    config = submitted.config()
    config.LateSubmissionPlugin.penalty_method = "zero"
    assert submitted.autograde("activations", config)
    with (at_once.root / "nbgrader_config.py").open("a") as file:
        file.write("c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    assert autograde_class(at_once.root, "activations", None).failed == {}
    for nb in (submitted, at_once):
        with Gradebook(f"sqlite:///{nb.root / 'gradebook.db'}") as gradebook:
            assert gradebook.find_submission("activations", "ada").late_submission_penalty == 13.0
        nb.feedback("activations")
        page = (nb.root / "feedback" / "ada" / "activations" / "activations.html").read_text(encoding="utf-8")
        for told in ("13 of 13 points", "Handed in 11 h 1 min late.", "Lateness takes 13", "0 points are left"):
            assert told in page, (nb.root, told)


def test_a_locked_database_is_waited_for_then_its_holder_named(submitted, monkeypatch) -> None:
    monkeypatch.setattr(database, "_PATIENCE", 0.2)
    holder = sqlite3.connect(submitted.root / "gradebook.db")
    holder.execute("begin exclusive")
    try:
        with pytest.raises(UsageError, match=r"gradebook\.db is locked by .*; close it"):
            autograde_class(submitted.root, "activations", None)
    finally:
        holder.close()
    assert not (submitted.root / "autograded").exists()


def test_a_submission_is_entered_whole_or_not_at_all(submitted) -> None:
    url = f"sqlite:///{submitted.root / 'gradebook.db'}"
    gradebook = OneWriter(url)

    def interrupted() -> None:
        with gradebook.transaction():
            gradebook.update_or_create_student("ada")
            gradebook.update_or_create_submission("activations", "ada")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    gradebook.close()
    with Gradebook(url) as found:
        assert found.students == []


def test_a_submission_is_written_at_the_end_all_at_once(submitted) -> None:
    """Nbgrader commits after each row, and asks for what it has just entered: until the end nothing is written, nor asked for twice."""
    gradebook = OneWriter(f"sqlite:///{submitted.root / 'gradebook.db'}")
    issued: list[str] = []
    event.listen(gradebook.engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: issued.append(statement))
    with gradebook.transaction():
        gradebook.update_or_create_student("ada")
        with gradebook.db.no_autoflush:
            entered = gradebook.update_or_create_submission("activations", "ada")
        gradebook.open_submission("activations", "ada")
        assert gradebook.find_submission("activations", "ada") is entered
        grade = gradebook.find_grade("checks-sigmoid_grad", "activations", "activations", "ada")
        grade.auto_score = 3.0
        gradebook.db.commit()
        assert all(statement.startswith("SELECT") for statement in issued)
        assert len(issued) == len(set(issued))
    gradebook.close()
    assert [statement.split()[2] for statement in issued if not statement.startswith("SELECT")] == [
        "student", "submitted_assignment", "submitted_notebook", "comment", "grade"
    ]  # fmt: skip
    with Gradebook(f"sqlite:///{submitted.root / 'gradebook.db'}") as found:
        assert found.find_grade("checks-sigmoid_grad", "activations", "activations", "ada").auto_score == 3.0


def test_a_run_that_is_cut_off_is_finished_by_the_next(submitted, students, monkeypatch) -> None:
    for student in ("bob", "cleo"):
        submitted.submit(student, "activations", submitted.answered("activations", **students["right"]))
    renamed: list[object] = []

    def cut_off(path, target):
        if renamed:
            raise KeyboardInterrupt
        renamed.append(path)
        path.replace(target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", cut_off)
        with pytest.raises(KeyboardInterrupt):
            autograde_class(submitted.root, "activations", None)
    autograded = submitted.root / "autograded"
    assert [path.name for path in autograded.rglob("*") if path.is_file()] == ["activations.ipynb"]
    done = autograde_class(submitted.root, "activations", None)
    assert (done.graded, done.skipped) == (("bob", "cleo"), ("ada",))
    full = {"checks-sigmoid_grad": 5.0, "checks-dead_relu_input": 8.0}
    assert submitted.scores("activations") == dict.fromkeys(("ada", "bob", "cleo"), full)


def test_steps_named_by_strings_are_replaced_as_well(submitted) -> None:
    names = [f"{step.__module__}.{step.__name__}" for step in Autograde().autograde_preprocessors]
    config = Config()
    config.Autograde.autograde_preprocessors = names
    configure(config, submitted.root.parent)
    assert JudgeExercises in config.Autograde.autograde_preprocessors
    assert Execute not in config.Autograde.autograde_preprocessors
    assert submitted.autograde("activations", config)
    assert submitted.scores("activations")["ada"]["checks-sigmoid_grad"] == 5.0


def test_a_missing_nbgrader_is_named(monkeypatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    with pytest.raises(UsageError, match=r"pip install 'nbgrader>=0\.9\.5,<0\.10'"):
        configure(Config())


@pytest.mark.parametrize("version", ["0.8.5", "0.9.4", "0.10.0", "1.0"])
def test_an_unsupported_nbgrader_is_named(monkeypatch, version) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda _: version)
    with pytest.raises(UsageError, match=rf"nbgrader {version} is not supported; supported are 0\.9\.5 to 0\.9\.x"):
        require_nbgrader()


@pytest.mark.long
def test_a_notebook_without_exercises_is_graded_as_nbgrader_does(nb) -> None:
    """Its answers are read by a person, who wants to see what they print; a cell that is there twice ends no run."""
    answer = new_code_cell("### BEGIN SOLUTION\nprint(6 * 7)\n### END SOLUTION")
    answer.metadata["nbgrader"] = {
        "grade": True, "grade_id": "words", "locked": False, "points": 3, "schema_version": 3, "solution": True,
        "task": False,
    }  # fmt: skip
    source = nb.root / "source" / "own" / "own.ipynb"
    source.parent.mkdir()
    kernel = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    nbformat.write(new_notebook(cells=[answer], metadata=kernel), source)
    nb.generate("own")
    handed_in = nb.released("own")
    handed_in.cells[0].source = "print(6 * 7)"
    nb.submit("ada", "own", handed_in)
    handed_in.cells = [handed_in.cells[0], new_code_cell("1 / 0"), copy.deepcopy(handed_in.cells[0])]
    handed_in.cells[2].id = "another"
    nb.submit("bob", "own", handed_in)
    execute_plain_cells(nb)
    done = class_at_once(nb, "own")
    assert done.returncode == 0, done.stderr
    assert "note: NOT ISOLATED, run in a kernel: own: all of it\n" in done.stderr
    for student in ("ada", "bob"):
        cells = nb.autograded(student, "own").cells
        # A kernel sends what is printed in as many pieces as it likes.
        assert "".join(output.text for output in cells[-1].outputs) == "42\n"
        assert [bool(cell.metadata.get("nbgrader")) for cell in cells] == [False] * (len(cells) - 1) + [True]
    assert nb.scores("own") == {"ada": {"words": None}, "bob": {"words": None}}


def test_an_unknown_value_of_plain_cells_is_named() -> None:
    with pytest.raises(UsageError, match="known are 'refuse' and 'execute'"):
        configure(Config(), plain_cells="maybe")


def test_a_course_that_is_nowhere_is_named(submitted, tmp_path) -> None:
    with pytest.raises(CourseError, match="cannot be read"):
        autograde_class(submitted.root, "activations", Path(tmp_path / "nowhere"))
