"""Finding a course, and reading its course.yml: every problem in it at once, each with its line."""

from __future__ import annotations

import keyword
from collections import Counter
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, get_args

import yaml

from grader.course.model import Assignment, Course, Exercise, Framework, Isolation, Link, Notebooks, Repair
from grader.course.yaml_reader import Entries, Reader, compose
from grader.errors import CourseError, did_you_mean
from grader.sandbox.limits import MAX_LIMITS, Limits

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["find_course", "grading_yaml", "load_course", "released_yaml"]

_FILE = "course.yml"
_LAYOUT = "it lies in the folder of the course or of the hand-out; go there, or name that folder with --course DIR"
_MAX_SEED = 2**63 - 1
_COURSE_KEYS = (
    "title",
    "seed",
    "individual",
    "isolation",
    "notebooks",
    "framework",
    "imports",
    "limits",
    "repair",
    "record",
    "assignments",
)
_SETTINGS = ("framework", "imports", "limits")
_ASSIGNMENT_KEYS = ("id", "title", "due", "optional", "links", "exercises")
_MAX_MINUTES = 10_000
_MAX_REPAIR = {"variants": 100_000, "seconds": 3600}
_DEFAULTS = Exercise("", "", Limits(), "numpy", ())


def find_course(start: Path) -> Path:
    """The outermost folder with a course.yml, of `start` and those above it; or that course's own exercises/.

    A course.yml below another course may be a part of what a student handed in: it never counts, but that of the outer
    course's exercises/, which is the students' tree. Raises CourseError where there is none.
    """
    here = start.resolve()
    found = [folder for folder in (here, *here.parents) if (folder / _FILE).is_file()]
    if not found:
        raise CourseError(f"there is no {_FILE} here or in any folder above; {_LAYOUT}", path=start)
    exercises = found[-1] / "exercises"
    return exercises if exercises in found else found[-1]


def load_course(root: Path) -> Course:
    """Read and validate the course in `root`. Raises CourseError with every problem, one a line."""
    path = root / _FILE
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CourseError(f"it cannot be read ({error.strerror}); {_LAYOUT}", path=path) from None
    reader = _CourseReader(root)
    course = reader.course(compose(data, path))
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


class _CourseReader(Reader):
    """Reads course.yml, and looks for the files that it promises."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / _FILE)
        self.root = root
        self.solutions = root / "solutions"

    def course(self, node: yaml.Node) -> Course:
        required = ("title", "seed", "assignments") if self.solutions.is_dir() else ("title", "assignments")
        keys = self.mapping(node, "the course", _COURSE_KEYS, required)
        defaults = self.settings(keys, _DEFAULTS)
        items = self.items(keys["assignments"], "assignments") if "assignments" in keys else []
        isolation: Any = "required"
        if "isolation" in keys:
            isolation = self.choice(keys["isolation"], "isolation", get_args(Isolation))
        notebooks: Any = "assignment"
        if "notebooks" in keys:
            notebooks = self.choice(keys["notebooks"], "notebooks", get_args(Notebooks))
        return Course(
            self.root,
            title=self.text(keys["title"], "title") if "title" in keys else "",
            seed=self.whole(keys["seed"], "seed", 0, _MAX_SEED) if "seed" in keys else None,
            individual="individual" in keys and self.flag(keys["individual"], "individual"),
            isolation=isolation,
            assignments=tuple(self.assignment(item, defaults) for item in items),
            notebooks=notebooks,
            repair=self.repair(keys["repair"]) if "repair" in keys else Repair(),
            record=self.text(keys["record"], "record") if "record" in keys else "",
        )

    def repair(self, node: yaml.Node) -> Repair:
        keys = self.mapping(node, "repair", ("variants", "seconds", "check"))
        found: dict[str, Any] = {}
        if "variants" in keys:
            found["variants"] = self.whole(keys["variants"], "variants", 0, _MAX_REPAIR["variants"])
        if "seconds" in keys:
            found["seconds"] = self.positive(keys["seconds"], "seconds", _MAX_REPAIR["seconds"])
        if "check" in keys:
            found["check"] = self.flag(keys["check"], "check")
        return replace(Repair(), **found)

    def assignment(self, node: yaml.Node, defaults: Exercise) -> Assignment:
        keys = self.mapping(node, "an assignment", _ASSIGNMENT_KEYS, ("id", "title", "exercises"))
        name = self.assignment_id(keys["id"]) if "id" in keys else ""
        title = self.text(keys["title"], "title") if "title" in keys else ""
        due = self.moment(keys["due"], "due") if "due" in keys else None
        items = self.items(keys["exercises"], "exercises") if "exercises" in keys else []
        defaults = replace(defaults, assignment=name)
        links = self.items(keys["links"], "links", empty=True) if "links" in keys else []
        return Assignment(
            name,
            title,
            due,
            tuple(self.exercise(item, defaults) for item in items),
            optional="optional" in keys and self.flag(keys["optional"], "optional"),
            links=tuple(self.link(item) for item in links),
        )

    def link(self, node: yaml.Node) -> Link:
        keys = self.mapping(node, "a link", ("title", "url"), ("title", "url"))
        address, rule = (
            r"https?://[^\s<>\"`|()]+",
            "an address that begins with http:// or https://, without spaces or brackets",
        )
        return Link(
            self.text(keys["title"], "title") if "title" in keys else "",
            self.matching(keys["url"], "url", address, rule) if "url" in keys else "",
        )

    def exercise(self, node: yaml.Node, defaults: Exercise) -> Exercise:
        if isinstance(node, yaml.ScalarNode):
            return replace(defaults, id=self.exercise_id(node, defaults.assignment))
        keys = self.mapping(node, "an exercise", ("id", "minutes", *_SETTINGS), ("id",))
        name = self.exercise_id(keys["id"], defaults.assignment) if "id" in keys else ""
        minutes = self.whole(keys["minutes"], "minutes", 1, _MAX_MINUTES) if "minutes" in keys else 0
        return replace(self.settings(keys, defaults), id=name, minutes=minutes)

    def settings(self, keys: Entries, defaults: Exercise) -> Exercise:
        """`defaults` with the framework, imports and limits that `keys` give."""
        found: dict[str, Any] = {}
        if "framework" in keys:
            found["framework"] = self.choice(keys["framework"], "framework", get_args(Framework))
        if "imports" in keys:
            items = self.items(keys["imports"], "imports", empty=True)
            pattern, rule = r"[^\W\d]\w*(\.[^\W\d]\w*)*", "the name of a module, such as scipy.special"
            found["imports"] = tuple(self.matching(item, "import", pattern, rule) for item in items)
        if "limits" in keys:
            given: dict[str, Any] = {
                name: self.positive(limit, name, MAX_LIMITS[name])
                if name == "wall_seconds"
                else self.whole(limit, name, 1, MAX_LIMITS[name])
                for name, limit in self.mapping(keys["limits"], "limits", tuple(MAX_LIMITS)).items()
            }
            found["limits"] = replace(defaults.limits, **given)
        return replace(defaults, **found)

    def assignment_id(self, node: yaml.Node) -> str:
        """An assignment's id, whose folder in solutions/ is there; empty where it is no id."""
        pattern, rule = r"[a-z_][a-z0-9_-]*", "lower-case letters, digits, '_' and '-', no digit first"
        name = self.matching(node, "assignment id", pattern, rule)
        if name in {"solutions", "exercises", "submitted"}:
            self.wrong(node, f"assignment id {name!r} is a folder of the course itself; choose another")
            return ""
        known = [path.name for path in self.solutions.iterdir() if path.is_dir()] if self.solutions.is_dir() else [name]
        if name and self.unused(node, "assignment id", name) and name not in known:
            self.wrong(node, f"assignment {name!r} has no folder; make solutions/{name}/{did_you_mean(name, known)}")
        return name

    def exercise_id(self, node: yaml.Node, assignment: str) -> str:
        """An exercise's id, whose files in solutions/ are there; empty where it is no id."""
        rule = "letters, digits and '_', no digit first"
        name = self.matching(node, "exercise id", r"[A-Za-z_][A-Za-z0-9_]*", rule)
        if keyword.iskeyword(name) or name.endswith("_checks"):
            self.wrong(node, f"exercise id {name!r} is a Python keyword or ends in '_checks'; choose another")
            return ""
        folder = self.solutions / assignment
        if name and self.unused(node, "exercise id", name) and assignment and folder.is_dir():
            near = did_you_mean(name, {path.stem.removesuffix("_checks") for path in folder.glob("*.py")} - {name})
            for what, file in (("reference", f"{name}.py"), ("checks", f"{name}_checks.py")):
                if not (folder / file).is_file():
                    self.wrong(node, f"exercise {name!r} has no {what}; write solutions/{assignment}/{file}{near}")
        return name
