"""nbgrader's own example course, graded with the judge configured: the same score in every grade row as without it."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbgrader
import pytest
from nbgrader.api import Gradebook

from commands import run_module

OURS = """
from grader.nbgrader import configure
configure(c, course={course!r}, plain_cells="execute")
"""


def grade_rows(root: Path) -> dict[tuple[str, str, str], tuple[object, ...]]:
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {
            (submission.student.id, notebook.name, grade.name):
            (grade.auto_score, grade.manual_score, grade.needs_manual_grade, notebook.late_submission_penalty)
            for submission in gradebook.assignment_submissions("ps1")
            for notebook in submission.notebooks
            for grade in notebook.grades
        }  # fmt: skip


@pytest.fixture(scope="module")
def quickstart(tmp_path_factory) -> Path:
    """The course of `nbgrader quickstart`, released, with the submissions of nbgrader's user guide."""
    above = tmp_path_factory.mktemp("quickstart")
    run_module("nbgrader", "quickstart", "course101", root=above)
    root = above / "course101"
    run_module("nbgrader", "generate_assignment", "ps1", root=root)
    guide = Path(nbgrader.__file__).parent / "docs" / "source" / "user_guide"
    shutil.copytree(guide / "submitted", root / "submitted")
    return root


@pytest.fixture
def ours(quickstart, released_course, tmp_path) -> Path:
    """With the two lines in its configuration."""
    root = tmp_path / "course101"
    shutil.copytree(quickstart, root)
    with (root / "nbgrader_config.py").open("a") as file:
        file.write(OURS.format(course=str(released_course.root.parent)))
    return root


@pytest.fixture
def theirs(quickstart, tmp_path) -> Path:
    """Graded as nbgrader is."""
    root = tmp_path / "stock"
    shutil.copytree(quickstart, root)
    run_module("nbgrader", "autograde", "ps1", root=root)
    return root


@pytest.mark.long
def test_every_grade_row_is_that_of_nbgrader_both_ways(theirs, ours, tmp_path) -> None:
    """One test for both: the course of `nbgrader quickstart` takes long to make."""
    expected = grade_rows(theirs)
    assert len(expected) == 2 * 9
    at_once = tmp_path / "at-once"
    shutil.copytree(ours, at_once)
    assert "NOT ISOLATED" in run_module("nbgrader", "autograde", "ps1", root=ours)
    assert grade_rows(ours) == expected
    printed = run_module("grader.cli", "nbgrader", "autograde", "ps1", "--jobs", "2", root=at_once)
    assert "NOT ISOLATED" in printed
    assert "2 graded" in printed
    assert grade_rows(at_once) == expected
