"""Reading a course.yml: every problem in it at once, each with its line."""

from __future__ import annotations

import keyword
import math
import re
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import yaml
from msgspec.structs import asdict, replace

from grader.course.keys import ASSIGNMENT, COURSE, EXERCISE, LINK
from grader.course.kinds import values
from grader.course.model import Assignment, Course, Exercise, Link, Repair
from grader.course.place import COURSE_FILE, read_course_file
from grader.course.policies import Attempts, Late
from grader.course.term import Rules
from grader.course.yaml_reader import Reader, compose
from grader.errors import CourseError, did_you_mean
from grader.sandbox.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["grading_yaml", "is_assignment_id", "is_exercise_id", "load_course", "released_yaml"]

_WHOLE_WEIGHT, _NO_WEIGHT = 100.0, 1e-9
_DEFAULTS = Exercise("", "", Limits(), "numpy", ())
_RULES = {"late_days": "budget_days"}
"""What a key of the term is called among its rules, where that is another name."""
_ASSIGNMENT_ID, _EXERCISE_ID = r"[a-z_][a-z0-9_-]*", r"[A-Za-z_][A-Za-z0-9_]*"
_MODULES = sys.stdlib_module_names | {"grader", "numpy", "torch"}
"""What answers import: a file of such a name beside them, or an answer that is loaded by it, would be imported in its place."""
_OWN_FOLDERS = frozenset({"solutions", "exercises", "submitted"})


def is_assignment_id(name: str) -> bool:
    """Whether an assignment may be called that: it is the name of a folder, and none of the course's own."""
    return re.fullmatch(_ASSIGNMENT_ID, name) is not None and name not in _OWN_FOLDERS


def is_exercise_id(name: str) -> bool:
    """Whether an exercise may be called that: it is the name of its files, and of its function."""
    fits = re.fullmatch(_EXERCISE_ID, name) is not None
    return fits and not keyword.iskeyword(name) and not name.endswith("_checks") and name not in _MODULES


def load_course(root: Path) -> Course:
    """Read and validate the course in `root`. Raises CourseError with every problem, one a line."""
    data = read_course_file(root)
    reader = _CourseReader(root, data)
    course = reader.course(compose(data, reader.path))
    if reader.problems:
        raise CourseError.joined(sorted(reader.problems, key=lambda problem: problem.line or 0))
    return course


def released_yaml(course: Course) -> str:
    """The student's course.yml: all but the seed, `individual` and `isolation`, with what most exercises share said once."""
    counts = Counter((each.limits, each.framework, each.imports) for each in course.exercises())
    most = Exercise("", "", *counts.most_common(1)[0][0])
    assignments = []
    for assignment in course.assignments:
        entry: dict[str, Any] = {"id": assignment.id, "title": assignment.title}
        if assignment.due:
            entry["due"] = assignment.due
        if assignment.optional:
            entry["optional"] = True
        if assignment.links:
            entry["links"] = [asdict(link) for link in assignment.links]
        own = [(exercise.id, _differences(exercise, most)) for exercise in assignment.exercises]
        entry["exercises"] = [{"id": name, **settings} if settings else name for name, settings in own]
        assignments.append(entry)
    repair = {"repair": {"check": True}} if course.repair.check else {}
    released = {"title": course.title, **_differences(most, _DEFAULTS), **repair, "assignments": assignments}
    return yaml.safe_dump(released, sort_keys=False, allow_unicode=True)


def grading_yaml(course: Course) -> str:
    """A course.yml to grade with, in another place: that of students, and what it leaves out."""
    released = yaml.safe_load(released_yaml(course))
    secret = {"seed": course.seed, "individual": course.individual, "repair": asdict(course.repair)}
    return yaml.safe_dump(released | secret, sort_keys=False, allow_unicode=True)


def _differences(exercise: Exercise, usual: Exercise) -> dict[str, Any]:
    """The settings of an exercise that are not the usual ones, as in course.yml."""
    limits = {name: each for name, each in asdict(exercise.limits).items() if each != getattr(usual.limits, name)}
    settings = {
        "framework": exercise.framework if exercise.framework != usual.framework else None,
        "imports": list(exercise.imports) if exercise.imports != usual.imports else None,
        "limits": limits or None,
        "minutes": exercise.minutes or None,
    }
    return {name: value for name, value in settings.items() if value is not None}


def _set(defaults: Exercise, found: Mapping[str, Any]) -> Exercise:
    """An exercise with the framework, imports and limits that are given."""
    settings = {name: found[name] for name in ("framework", "imports") if name in found}
    return replace(defaults, limits=replace(defaults.limits, **found.get("limits", {})), **settings)


class _CourseReader(Reader):
    """Reads course.yml by the tables of its keys, and looks for the files that it promises."""

    def __init__(self, root: Path, data: bytes) -> None:
        super().__init__(root / COURSE_FILE, data)
        self.root = root
        self.solutions = root / "solutions"

    def course(self, node: yaml.Node) -> Course:
        # A student's tree has no seed.
        optional = frozenset() if self.solutions.is_dir() else frozenset({"seed"})
        found = values(self, node, "the course", COURSE, optional=optional)
        late = replace(Late(), **found.pop("late", {}))
        defaults = _set(_DEFAULTS, found)
        items = self.items(found["assignments"], "assignments") if "assignments" in found else []
        assignments = tuple(self.assignment(item, defaults, late) for item in items)
        if "assignments" in found:
            self.weights(found["assignments"], assignments)
        rules = {_RULES.get(name, name): value for name, value in found.pop("term", {}).items()}
        return Course(
            self.root,
            title=found.get("title", ""),
            seed=found.get("seed"),
            individual=found.get("individual", False),
            isolation=found.get("isolation", "required"),
            assignments=assignments,
            notebooks=found.get("notebooks", "assignment"),
            repair=Repair(**found.get("repair", {})),
            record=found.get("record", ""),
            rules=Rules(attempts=Attempts(**found.get("attempts", {})), **rules),
            timestamps=found.get("timestamps", "service"),
        )

    def weights(self, node: yaml.Node, assignments: tuple[Assignment, ...]) -> None:
        """Weights are those of all assignments that count, and sum to 100."""
        counting = [each for each in assignments if not each.optional]
        weighed = [each for each in assignments if each.weight is not None]
        if not weighed:
            return
        if without := [each.id for each in counting if each.weight is None]:
            self.wrong(
                node, f"{', '.join(without)} without a weight: give all assignments one that are not optional, or none"
            )
        elif any(each.optional for each in weighed):
            named = ", ".join(each.id for each in weighed if each.optional)
            self.wrong(node, f"{named}: optional, and so without a weight; take it out")
        elif abs((total := math.fsum(each.weight or 0 for each in counting)) - _WHOLE_WEIGHT) > _NO_WEIGHT:
            self.wrong(node, f"the weights of the assignments sum to {total:g}; make them sum to 100")

    def assignment(self, node: yaml.Node, defaults: Exercise, late: Late) -> Assignment:
        found = values(self, node, "an assignment", ASSIGNMENT)
        name = self.assignment_id(found["id"]) if "id" in found else ""
        items = self.items(found["exercises"], "exercises") if "exercises" in found else []
        links = self.items(found["links"], "links", empty=True) if "links" in found else []
        defaults = replace(defaults, assignment=name)
        return Assignment(
            name,
            found.get("title", ""),
            found.get("due"),
            tuple(self.exercise(item, defaults) for item in items),
            optional=found.get("optional", False),
            links=tuple(Link(**{"title": "", "url": ""} | values(self, item, "a link", LINK)) for item in links),
            late=replace(late, **found.get("late", {})),
            weight=found.get("weight"),
            team=found.get("team", False),
        )

    def exercise(self, node: yaml.Node, defaults: Exercise) -> Exercise:
        if isinstance(node, yaml.ScalarNode):
            return replace(defaults, id=self.exercise_id(node, defaults.assignment))
        found = values(self, node, "an exercise", EXERCISE)
        name = self.exercise_id(found["id"], defaults.assignment) if "id" in found else ""
        return replace(_set(defaults, found), id=name, minutes=found.get("minutes", 0))

    def assignment_id(self, node: yaml.Node) -> str:
        """An assignment's id, whose folder in solutions/ is there; empty where it is no id."""
        rule = "lower-case letters, digits, '_' and '-', no digit first"
        name = self.matching(node, "assignment id", _ASSIGNMENT_ID, rule)
        if name and not is_assignment_id(name):
            self.wrong(node, f"assignment id {name!r} is a folder of the course itself; choose another")
            return ""
        known = [path.name for path in self.solutions.iterdir() if path.is_dir()] if self.solutions.is_dir() else [name]
        if name and self.unused(node, "assignment id", name) and name not in known:
            self.wrong(node, f"assignment {name!r} has no folder; make solutions/{name}/{did_you_mean(name, known)}")
        return name

    def exercise_id(self, node: yaml.Node, assignment: str) -> str:
        """An exercise's id, whose files in solutions/ are there; empty where it is no id."""
        rule = "letters, digits and '_', no digit first"
        name = self.matching(node, "exercise id", _EXERCISE_ID, rule)
        if name and not is_exercise_id(name):
            self.wrong(
                node,
                f"exercise id {name!r} is a Python keyword, a module that answers import, or ends in '_checks'; choose another",
            )
            return ""
        folder = self.solutions / assignment
        # Capitals aside: there are systems on which one file would be the other.
        if name and self.unused(node, "exercise id", name.casefold()) and assignment and folder.is_dir():
            near = did_you_mean(name, {path.stem.removesuffix("_checks") for path in folder.glob("*.py")} - {name})
            for what, file in (("reference", f"{name}.py"), ("checks", f"{name}_checks.py")):
                if not (folder / file).is_file():
                    self.wrong(node, f"exercise {name!r} has no {what}; write solutions/{assignment}/{file}{near}")
        return name
