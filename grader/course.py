"""The course: course.yml read into frozen types. The only module that knows the layout of a course's folders."""

from __future__ import annotations

import keyword
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import yaml

from grader.document import Keys, Reader, compose
from grader.errors import CourseError, UsageError, did_you_mean
from grader.sandbox.limits import MAX_LIMITS, Limits

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

__all__ = ["Assignment", "Course", "Exercise", "find_course", "load_course", "released_yaml"]

Isolation = Literal["required", "best-effort"]
"""Whether a class may be graded where the baseline of isolation is missing."""

Framework = Literal["numpy", "torch"]
Notebooks = Literal["assignment", "exercise"]

_FILE = "course.yml"
_LAYOUT = "a course folder holds course.yml, exercises/ and solutions/; name one with --course DIR, or go into it"
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
    "assignments",
)
_SETTINGS = ("framework", "imports", "limits")


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of one assignment; its id is the name of its files and, by default, of its function."""

    id: str
    assignment: str
    limits: Limits
    framework: Framework
    imports: tuple[str, ...]


_DEFAULTS = Exercise("", "", Limits(), "numpy", ())


@dataclass(frozen=True, slots=True)
class Assignment:
    """Exercises handed in together."""

    id: str
    title: str
    due: datetime | None
    exercises: tuple[Exercise, ...]


@dataclass(frozen=True, slots=True)
class Course:
    """A course folder: what course.yml says, and where its files are."""

    root: Path
    title: str
    seed: int | None
    individual: bool
    isolation: Isolation
    assignments: tuple[Assignment, ...]
    notebooks: Notebooks = "assignment"
    """What one notebook holds."""

    @property
    def released(self) -> bool:
        """Whether this is a student's tree: it has no solutions/."""
        return not (self.root / "solutions").is_dir()

    def exercises(self) -> tuple[Exercise, ...]:
        """All exercises, in course order."""
        return tuple(exercise for assignment in self.assignments for exercise in assignment.exercises)

    def reference(self, exercise: Exercise) -> Path:
        """The exercise's single source: the file with the reference solution."""
        return self.root / "solutions" / exercise.assignment / f"{exercise.id}.py"

    def checks(self, exercise: Exercise) -> Path:
        """The file with the exercise's hidden checks."""
        return self.root / "solutions" / exercise.assignment / f"{exercise.id}_checks.py"

    def stub(self, exercise: Exercise) -> Path:
        """The file a student starts from."""
        above = self.root if self.released else self.root / "exercises"
        return above / exercise.assignment / f"{exercise.id}.py"

    def examples(self, exercise: Exercise) -> Path:
        """The baked public examples, beside the stub."""
        return self.stub(exercise).with_name(f"{exercise.id}.examples.json")

    def select(self, assignment: str | None = None, exercise: str | None = None) -> Course:
        """The same course with that assignment or exercise only. Raises UsageError for an unknown id."""
        kept = self.assignments
        if assignment is not None:
            kept = tuple(each for each in kept if each.id == assignment)
            if not kept:
                raise _unknown("assignment", assignment, [each.id for each in self.assignments])
        if exercise is not None:
            known = [each.id for group in kept for each in group.exercises]
            if exercise not in known:
                raise _unknown("exercise", exercise, known)
            only = (replace(group, exercises=tuple(e for e in group.exercises if e.id == exercise)) for group in kept)
            kept = tuple(group for group in only if group.exercises)
        return replace(self, assignments=kept)


def _unknown(kind: str, name: str, known: list[str]) -> UsageError:
    return UsageError(f"there is no {kind} {name!r}; known are {', '.join(known)}{did_you_mean(name, known)}")


def find_course(start: Path) -> Path:
    """The nearest folder with a course.yml: `start` itself, or one above it. Raises CourseError where there is none."""
    for folder in ((here := start.resolve()), *here.parents):
        if (folder / _FILE).is_file():
            return folder
    raise CourseError(f"there is no {_FILE} here or in any folder above; {_LAYOUT}", path=start)


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
        own = [(exercise.id, _differences(exercise, most)) for exercise in assignment.exercises]
        entry["exercises"] = [{"id": name, **settings} if settings else name for name, settings in own]
        assignments.append(entry)
    released = {"title": course.title, **_differences(most, _DEFAULTS), "assignments": assignments}
    return yaml.safe_dump(released, sort_keys=False, allow_unicode=True)


def _differences(exercise: Exercise, usual: Exercise) -> dict[str, Any]:
    """The settings of an exercise that are not the usual ones, as in course.yml."""
    limits = {name: each for name, each in asdict(exercise.limits).items() if each != getattr(usual.limits, name)}
    settings = {
        "framework": exercise.framework if exercise.framework != usual.framework else None,
        "imports": list(exercise.imports) if exercise.imports != usual.imports else None,
        "limits": limits or None,
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
        )

    def assignment(self, node: yaml.Node, defaults: Exercise) -> Assignment:
        keys = self.mapping(node, "an assignment", ("id", "title", "due", "exercises"), ("id", "title", "exercises"))
        name = self.assignment_id(keys["id"]) if "id" in keys else ""
        title = self.text(keys["title"], "title") if "title" in keys else ""
        due = self.moment(keys["due"], "due") if "due" in keys else None
        items = self.items(keys["exercises"], "exercises") if "exercises" in keys else []
        defaults = replace(defaults, assignment=name)
        return Assignment(name, title, due, tuple(self.exercise(item, defaults) for item in items))

    def exercise(self, node: yaml.Node, defaults: Exercise) -> Exercise:
        if isinstance(node, yaml.ScalarNode):
            return replace(defaults, id=self.exercise_id(node, defaults.assignment))
        keys = self.mapping(node, "an exercise", ("id", *_SETTINGS), ("id",))
        name = self.exercise_id(keys["id"], defaults.assignment) if "id" in keys else ""
        return replace(self.settings(keys, defaults), id=name)

    def settings(self, keys: Keys, defaults: Exercise) -> Exercise:
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
