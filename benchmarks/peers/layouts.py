"""The same class in the layout of each grader: files, notebooks, tests. Nothing here is measured."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course.course_yml import load_course
from peers.answers import EXERCISES, answers, student_name
from peers.checks import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from peers.checks import PlainChecks

__all__ = ["ASSIGNMENT", "Course", "hand_in", "make_course"]

ROOT = Path(__file__).parents[2]
ASSIGNMENT = "calculus"
_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
_Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Course:
    """Where things are below a folder."""

    place: Path

    @property
    def ours(self) -> Path:
        """The course in this grader's layout."""
        return self.place / "course"

    @property
    def checks(self) -> Path:
        """The plain checks, and checks.json with their points."""
        return self.place / "checks"

    @property
    def otter_tests(self) -> Path:
        """Otter's tests, of which it makes its archive."""
        return self.place / "tests"

    @property
    def nbgrader(self) -> Path:
        """The course directory of nbgrader, without students."""
        return self.place / "nbgrader"

    @property
    def released(self) -> Path:
        """What students get of nbgrader's."""
        return self.nbgrader / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


def make_course(place: Path) -> Course:
    """Write the course in every layout, all from this repository's; `nbgrader generate_assignment` is still to be run."""
    made = Course(place)
    for exercise in EXERCISES:
        for suffix in (".py", "_checks.py"):
            target = made.ours / "solutions" / ASSIGNMENT / f"{exercise}{suffix}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(next(ROOT.glob(f"solutions/*/{exercise}{suffix}")), target)
    for shared in (ROOT / "solutions").glob("*.py"):
        shutil.copy(shared, made.ours / "solutions")
    assignment = f"{{id: {ASSIGNMENT}, title: Calculus, exercises: [{', '.join(EXERCISES)}]}}"
    (made.ours / "course.yml").write_text(f"title: Peers\nseed: 1\nassignments:\n  - {assignment}\n", encoding="utf-8")
    course = load_course(made.ours)
    all_checks = [plain(course, exercise) for exercise in course.exercises()]
    made.checks.mkdir()
    made.otter_tests.mkdir()
    for each in all_checks:
        (made.checks / f"{each.exercise}_checks.py").write_text(each.source, encoding="utf-8")
        (made.otter_tests / f"{each.exercise}.py").write_text(otter_test(each), encoding="utf-8")
    points = {each.exercise: {check.name: check.points for check in each.checks} for each in all_checks}
    (made.checks / "checks.json").write_text(json.dumps(points), encoding="utf-8")
    source = made.nbgrader / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    source.parent.mkdir(parents=True)
    source.write_text(json.dumps(nbgrader_source(all_checks)), encoding="utf-8")
    return made


def otter_test(checks: PlainChecks) -> str:
    """A test file of Otter's, in its format of exceptions: a test case for each part that is judged apart."""
    cases = [
        f"@test_case(name={f'{check.name} {part}'.strip()!r}, points={points}, hidden={not check.public})\n"
        f"def test_{check.name}_{part}({checks.exercise}):\n"
        f"    assert earned({check.name!r}, {checks.exercise})[{part!r}] == {points}\n"
        for check in checks.checks
        for part, points in check.parts.items()
        if points
    ]
    head = f"from otter.test_files import test_case\n\nOK_FORMAT = False\nname = {checks.exercise!r}\npoints = None\n"
    return "\n\n".join([head, checks.source, *cases])


def nbgrader_source(all_checks: Iterable[PlainChecks]) -> _Json:
    """A source notebook: for each exercise a cell for the answer, and a cell with hidden tests for each check.

    A cell's last value is the points that it gives, nbgrader's way to partial credit. Fewer cells are faster.
    """
    cells: list[_Json] = []
    for each in all_checks:
        cells += [
            {"cell_type": "markdown", "id": each.exercise, "metadata": {}, "source": f"## {each.exercise}"},
            _cell(f"answer-{each.exercise}", "### BEGIN SOLUTION\npass\n### END SOLUTION", solution=True),
        ]
        source = each.source
        for check in each.checks:
            hidden = f"{source}\nsum(earned({check.name!r}, {each.exercise}).values())"
            text = f"# {check.claim}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
            cells.append(_cell(f"{each.exercise}-{check.name}", text, grade=True, points=check.points))
            source = ""  # defined by the exercise's first test already
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": _METADATA, "cells": cells}


def _cell(name: str, source: str, *, solution: bool = False, **more: Any) -> _Json:
    found = {"grade": False, "grade_id": name, "locked": not solution, "solution": solution, "task": False, **more}
    return {
        "cell_type": "code", "id": name, "metadata": {"nbgrader": {"schema_version": 3, **found}}, "source": source,
        "execution_count": None, "outputs": [],
    }  # fmt: skip


def hand_in(course: Course, students: int, place: Path) -> None:
    """Write what so many students hand in, below `place`: files/ and notebooks/, a folder for each student in them."""
    notebook = json.loads(course.released.read_text(encoding="utf-8"))
    marked = [(cell["metadata"].get("nbgrader", {}), cell) for cell in notebook["cells"]]
    by_exercise = {about["grade_id"].removeprefix("answer-"): cell for about, cell in marked if about.get("solution")}
    for number in range(students):
        for exercise, source in answers(number).items():
            path = place / "files" / student_name(number) / ASSIGNMENT / f"{exercise}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source, encoding="utf-8")
            by_exercise[exercise]["source"] = source
        path = place / "notebooks" / student_name(number) / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(notebook), encoding="utf-8")
