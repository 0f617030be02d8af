"""The configuration of an nbgrader course counts wherever nbgrader looks for it, for the class run and for push as well."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from grader.cli.main import command
from grader.course.course_yml import load_course
from grader.errors import UsageError
from grader.for_nbgrader.autograde.classrun import autograde_class
from grader.for_nbgrader.configuration import configuration
from grader.for_nbgrader.gradebook.push import push_reports
from grader.record.opening import open_record
from grader.record.writing import reports

if TYPE_CHECKING:
    from pathlib import Path

PENALTY = """\
from nbgrader.plugins import BasePlugin


class Half(BasePlugin):
    def late_submission_penalty(self, student_id, score, total_seconds_late):
        return score / 2


c = get_config()
c.AssignLatePenalties.plugin_class = Half
"""


@pytest.fixture(params=["JUPYTER_CONFIG_DIR", "JUPYTER_CONFIG_PATH"])
def elsewhere(request, tmp_path, monkeypatch) -> Path:
    """A place beside the course directory in which nbgrader looks for its configuration."""
    place = tmp_path / "elsewhere"
    place.mkdir()
    monkeypatch.setenv(request.param, str(place))
    return place / "nbgrader_config.py"


def late(nb, students) -> None:
    with Gradebook(f"sqlite:///{nb.root / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment("activations", duedate="2027-03-22 22:59:00 UTC")
    path = nb.submit("ada", "activations", nb.answered("activations", **students["right"]))
    path.with_name("timestamp.txt").write_text("2027-03-23 10:00:00 UTC")


def test_a_late_penalty_that_is_configured_elsewhere_counts(nb, students, elsewhere) -> None:
    late(nb, students)
    elsewhere.write_text(PENALTY)
    assert autograde_class(nb.root, "activations", None).failed == {}
    with Gradebook(f"sqlite:///{nb.root / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("activations", "ada").late_submission_penalty == 6.5


def test_a_gradebook_that_is_configured_elsewhere_is_the_one_that_is_written(
    nb, students, elsewhere, tmp_path, database
) -> None:
    nb.submit("ada", "activations", nb.answered("activations", **students["right"]))
    shutil.copy(nb.root / "gradebook.db", tmp_path / "other.db")
    before = (nb.root / "gradebook.db").read_bytes()
    elsewhere.write_text(f"c = get_config()\nc.CourseDirectory.db_url = 'sqlite:///{tmp_path / 'other.db'}'\n")
    assert autograde_class(nb.root, "activations", None).graded == ("ada",)
    out = tmp_path / "results"
    arguments = ["--course", str(nb.root.parent), "grade", str(nb.root / "submitted"), "--out", str(out), "--quiet"]
    CliRunner().invoke(command, arguments, standalone_mode=False)
    course = load_course(nb.root.parent)
    with open_record(database, course.title) as opened:
        assert push_reports(course, list(reports(opened, course)), nb.root) == 4
    assert (nb.root / "gradebook.db").read_bytes() == before
    with Gradebook(f"sqlite:///{tmp_path / 'other.db'}") as gradebook:
        assert [student.id for student in gradebook.students] == ["ada"]


def test_the_course_directory_is_the_one_that_is_configured(nb, students, elsewhere, tmp_path) -> None:
    nb.submit("ada", "activations", nb.answered("activations", **students["right"]))
    elsewhere.write_text(f"c = get_config()\nc.CourseDirectory.root = {str(nb.root)!r}\n")
    (tmp_path / "somewhere").mkdir()
    with contextlib.chdir(tmp_path / "somewhere"):
        assert configuration(None).root == nb.root
        assert autograde_class(None, "activations", None).graded == ("ada",)


def test_a_configuration_that_fails_is_named_and_nothing_graded(nb, elsewhere) -> None:
    elsewhere.write_text("1 / 0\n")
    with pytest.raises(UsageError, match="nbgrader's configuration cannot be read: ZeroDivisionError"):
        autograde_class(nb.root, "activations", None)
