"""A small course, its notebooks released through the real nbgrader, and a class that hands them in."""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config.loader import PyFileConfigLoader

from grader.course.course_yml import load_course
from grader.for_nbgrader.source.notebooks import write_sources
from repository import write_course

if TYPE_CHECKING:
    from traitlets.config import Config


COURSE = """\
title: Neural-network calculus
seed: 7
limits: {cpu_seconds: 1, wall_seconds: 2, memory_mb: 512, output_bytes: 65536}
repair: {variants: 100, seconds: 600}
assignments:
  - id: activations
    title: Activations, saturation and dead units
    due: 2027-03-22T23:59:00+01:00
    exercises: [sigmoid_grad, dead_relu_input]
  - id: backprop
    title: Backpropagation of a batch
    exercises: [backprop_batch]
  - id: shapes
    title: Shapes in the chain rule
    exercises: [predict_jacobian_shapes]
  - id: vjp
    title: An answer in words
    exercises: [jacobian_product_written]
"""


@pytest.fixture(scope="session", autouse=True)
def path_with_tools() -> None:
    """Nbgrader runs `alembic`, which is beside Python, to make a database."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


@pytest.fixture(autouse=True)
def quiet_nbgrader(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No configuration of this machine's is read, and none is written."""
    place = tmp_path_factory.getbasetemp() / "jupyter"
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        (place / name.lower()).mkdir(parents=True, exist_ok=True)
        monkeypatch.setenv(name, str(place / name.lower()))


@dataclass(frozen=True)
class NbgraderCourse:
    """nbgrader's course directory, and what its commands do in it."""

    root: Path

    def config(self) -> Config:
        return PyFileConfigLoader("nbgrader_config.py", path=str(self.root)).load_config()

    def converter(self, kind: type, assignment: str, config: Config | None = None, **traits: object):
        coursedir = CourseDirectory(
            root=str(self.root), assignment_id=assignment, config=config if config is not None else self.config()
        )
        converter = kind(coursedir=coursedir, config=config if config is not None else self.config())
        converter.log = logging.getLogger("nbgrader-test")
        for name, value in traits.items():
            setattr(converter, name, value)
        return converter

    def generate(self, assignment: str) -> None:
        self.converter(GenerateAssignment, assignment).start()

    def autograde(self, assignment: str, config: Config | None = None, *, force: bool = False) -> bool:
        """Whether nbgrader graded the class without an error."""
        converter = self.converter(Autograde, assignment, config, force=force)
        try:
            converter.start()
        except NbGraderException:
            return False
        return True

    def add_own_cells(self) -> None:
        """Release the activations again, with a plot, an answer in words and a task that a person grades: 2 points each."""
        source = self.root / "source" / "activations" / "activations.ipynb"
        notebook = nbformat.read(source, as_version=4)
        plot = new_code_cell("### BEGIN SOLUTION\nprint('a plot')\n### END SOLUTION")
        words = new_markdown_cell("### BEGIN SOLUTION\nBecause.\n### END SOLUTION")
        task = new_markdown_cell("Show what you found.\n=== BEGIN MARK SCHEME ===\nall\n=== END MARK SCHEME ===")
        roles = {"grade": True, "solution": True}
        for cell, name, own in (
            (plot, "own-plot", roles), (words, "own-words", roles), (task, "own-task", {"task": True, "locked": True})
        ):  # fmt: skip
            cell.metadata["nbgrader"] = {
                "grade": False, "grade_id": name, "locked": False, "points": 2, "schema_version": 3, "solution": False,
                "task": False,
            } | own  # fmt: skip
            notebook.cells.append(cell)
        nbformat.write(notebook, source)
        shutil.rmtree(self.root / "release" / "activations")
        self.generate("activations")

    def give(self, student: str, cell: str, points: float | None, comment: str = "", extra: float = 0.0) -> None:
        """What a person does in formgrader."""
        assignment = next(
            path.parent.name for path in self.root.glob("source/*/*.ipynb") if f'"{cell}"' in path.read_text()
        )
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            grade = gradebook.find_grade(cell, assignment, assignment, student)
            grade.manual_score, grade.needs_manual_grade, grade.extra_credit = points, False, extra or None
            if comment:
                gradebook.find_comment(cell, assignment, assignment, student).manual_comment = comment
            gradebook.db.commit()

    def feedback(self, assignment: str) -> None:
        self.converter(GenerateFeedback, assignment).start()

    def released(self, assignment: str, notebook: str = "") -> nbformat.NotebookNode:
        return nbformat.read(self.root / "release" / assignment / f"{notebook or assignment}.ipynb", as_version=4)

    def answered(self, assignment: str, **answers: str) -> nbformat.NotebookNode:
        """The released notebook, with other code in the cells for the named exercises."""
        notebook = self.released(assignment)
        for cell in notebook.cells:
            exercise = cell.metadata.nbgrader.grade_id.removeprefix("solution-")
            cell.source = answers.get(exercise, cell.source)
        return notebook

    def submit(self, student: str, assignment: str, notebook: nbformat.NotebookNode | str, name: str = "") -> Path:
        path = self.root / "submitted" / student / assignment / f"{name or assignment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook if isinstance(notebook, str) else nbformat.writes(notebook))
        return path

    def autograded(self, student: str, assignment: str) -> nbformat.NotebookNode:
        return nbformat.read(self.root / "autograded" / student / assignment / f"{assignment}.ipynb", as_version=4)

    def scores(self, assignment: str) -> dict[str, dict[str, float | None]]:
        """The automatic score of each cell of each student; None where there is none and a person has to look."""
        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            found: dict[str, dict[str, float | None]] = {}
            for submission in gradebook.assignment_submissions(assignment):
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        assert (grade.auto_score is not None) or grade.needs_manual_grade
                        found.setdefault(submission.student.id, {})[grade.name] = grade.auto_score
            return found

    def copy(self, to: Path) -> NbgraderCourse:
        shutil.copytree(self.root.parent, to)
        return NbgraderCourse(to / "nb")


@pytest.fixture(scope="session")
def released_course(tmp_path_factory: pytest.TempPathFactory) -> NbgraderCourse:
    """A course whose assignments are released; not to be changed: take `nb`, a copy of it."""
    root = tmp_path_factory.mktemp("released")
    course = load_course(write_course(root, COURSE))
    write_sources(course, root / "nb")
    nb = NbgraderCourse(root / "nb")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with contextlib.chdir(nb.root):
        for assignment in course.assignments:
            nb.generate(assignment.id)
    return nb


@pytest.fixture(scope="session")
def students() -> dict[str, dict[str, Any]]:
    """The class: the answers of each student, and what they are worth."""
    return yaml.safe_load((Path(__file__).parent / "students.yml").read_text())


@pytest.fixture(scope="session")
def handed_in(
    released_course: NbgraderCourse, students: dict[str, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> NbgraderCourse:
    """The released course with the submissions of the class; not to be changed."""
    nb = released_course.copy(tmp_path_factory.mktemp("class") / "course")
    for student, answers in students.items():
        path = nb.submit(student, "activations", nb.answered("activations", **answers))
        (path.parent / "timestamp.txt").write_text("2027-03-20 12:00:00 UTC")
    return nb


@pytest.fixture
def nb(released_course: NbgraderCourse, tmp_path: Path) -> NbgraderCourse:
    """A released course of one's own."""
    return released_course.copy(tmp_path / "course")
