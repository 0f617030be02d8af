"""A course as frozen types: what course.yml says, and where the files of each exercise are."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003  msgspec reads it
from pathlib import Path  # noqa: TC003  msgspec reads it
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec
from msgspec.structs import replace

from grader.course.policies import Late
from grader.course.term import Part, Rules
from grader.errors import UsageError, did_you_mean
from grader.sandbox.limits import Limits  # noqa: TC001  msgspec reads it

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = [
    "EXAMPLES", "PICTURE", "Assignment", "Course", "Exercise", "Framework", "Isolation", "Link", "Notebooks", "Repair",
    "Timestamps", "reference_below",
]  # fmt: skip

Isolation = Literal["required", "best-effort"]
"""Whether a class may be graded where the baseline of isolation is missing."""

Framework = Literal["numpy", "torch"]
Notebooks = Literal["assignment", "exercise"]

EXAMPLES, PICTURE = ".examples.json", ".svg"
"""What the names of the files end in that a hand-out has beside a stub, and that are nobody's answer."""

Timestamps = Literal["service", "nbgrader"]
"""Whose word counts for when something was handed in: a service's that received it, or also the timestamp.txt handed in with it."""


class Exercise(msgspec.Struct, frozen=True):
    """One exercise of one assignment; its id is the name of its files and, by default, of its function."""

    id: str
    assignment: str
    limits: Limits
    framework: Framework
    imports: tuple[str, ...]
    minutes: int = 0
    """How long the author thinks it takes; 0 where nobody has said."""

    @property
    def packages(self) -> tuple[str, ...]:
        """What has to be installed for it beside numpy, each once: of `scipy.special` and `scipy.stats` scipy."""
        names = (name.partition(".")[0] for name in (self.framework, *self.imports))
        return tuple(dict.fromkeys(name for name in names if name != "numpy"))


class Link(msgspec.Struct, frozen=True):
    """Something to read."""

    title: str
    url: str


class Assignment(msgspec.Struct, frozen=True):
    """Exercises handed in together."""

    id: str
    title: str
    due: datetime | None
    exercises: tuple[Exercise, ...]
    optional: bool = False
    """Whether it is beyond what the course asks for."""
    links: tuple[Link, ...] = ()
    """What to read for it."""
    late: Late = msgspec.field(default_factory=Late)
    """What being late costs."""
    weight: float | None = None
    """Its percent of the term's sum, where the course weighs its assignments."""
    team: bool = False
    """Whether what one member of a team hands in counts for all."""

    @property
    def minutes(self) -> int:
        """How long its exercises take by estimate; 0 where one has none."""
        each = [exercise.minutes for exercise in self.exercises]
        return sum(each) if all(each) else 0


_Part = TypeVar("_Part", Assignment, Exercise)


class Repair(msgspec.Struct, frozen=True):
    """How long the one edit is looked for that makes a wrong answer right."""

    variants: int = 1000
    """How many edits of an answer are tried; 0 for none."""
    seconds: float = 20.0
    """After how many of a processor the search is given up, so that the next run begins it again: a brake on odd programs."""
    check: bool = False
    """Whether `grader check` looks for it too, where the public examples alone decide."""


class Course(msgspec.Struct, frozen=True):
    """A course folder: what course.yml says, and where its files are."""

    root: Path
    title: str
    seed: int | None
    individual: bool
    isolation: Isolation
    assignments: tuple[Assignment, ...]
    notebooks: Notebooks = "assignment"
    """What one notebook holds."""
    repair: Repair = Repair()
    record: str = ""
    """Where its record is: a path below the course, or a URL; empty for the usual place."""
    rules: Rules = msgspec.field(default_factory=Rules)
    """How the term is summed up."""
    timestamps: Timestamps = "service"

    @property
    def released(self) -> bool:
        """Whether this is a student's tree: it has no solutions/."""
        return not (self.root / "solutions").is_dir()

    def exercises(self) -> tuple[Exercise, ...]:
        """All exercises, in course order."""
        return tuple(exercise for assignment in self.assignments for exercise in assignment.exercises)

    def part(self, assignment: Assignment, possible: Mapping[str, float], ungraded: Collection[str] = ()) -> Part:
        """An assignment as the term's rules see it; `possible` are the points of its exercises, see `Part`."""
        return Part(
            name=assignment.id, due=assignment.due, late=assignment.late, possible=possible, weight=assignment.weight,
            optional=assignment.optional, ungraded=ungraded,
        )  # fmt: skip

    def reference(self, exercise: Exercise) -> Path:
        """The exercise's single source: the file with the reference solution."""
        return reference_below(self.root, exercise)

    def checks(self, exercise: Exercise) -> Path:
        """The file with the exercise's hidden checks."""
        return self.root / "solutions" / exercise.assignment / f"{exercise.id}_checks.py"

    def stub(self, exercise: Exercise) -> Path:
        """The file a student starts from."""
        above = self.root if self.released else self.root / "exercises"
        return above / exercise.assignment / f"{exercise.id}.py"

    def examples(self, exercise: Exercise) -> Path:
        """The baked public examples, beside the stub."""
        return self.stub(exercise).with_name(f"{exercise.id}{EXAMPLES}")

    def picture(self, exercise: Exercise) -> Path:
        """The drawing of what the task speaks of, beside the stub; few exercises have one."""
        return self.stub(exercise).with_name(f"{exercise.id}{PICTURE}")

    def assignment(self, name: str) -> Assignment:
        """The assignment of that id. Raises UsageError for an unknown one."""
        return _named("assignment", name, self.assignments)

    def exercise(self, name: str) -> Exercise:
        """The exercise of that id. Raises UsageError for an unknown one."""
        return _named("exercise", name, self.exercises())

    def select(self, assignment: str | Collection[str] = (), exercise: str | Collection[str] = ()) -> Course:
        """The same course with the assignments of those ids, and of these only those exercises; without ids, with all.

        Raises UsageError for an unknown id.
        """
        kept = self.assignments
        if assignment:
            wanted = {self.assignment(name).id for name in _several(assignment)}
            kept = tuple(each for each in kept if each.id in wanted)
        if exercise:
            within = replace(self, assignments=kept)
            chosen = {within.exercise(name).id for name in _several(exercise)}
            only = (replace(each, exercises=tuple(e for e in each.exercises if e.id in chosen)) for each in kept)
            kept = tuple(each for each in only if each.exercises)
        return replace(self, assignments=kept)


def reference_below(root: Path, exercise: Exercise) -> Path:
    """Where the file with the reference solution is in a course's folder."""
    return root / "solutions" / exercise.assignment / f"{exercise.id}.py"


def _several(ids: str | Collection[str]) -> Collection[str]:
    return (ids,) if isinstance(ids, str) else ids


def _named(kind: str, name: str, known: Sequence[_Part]) -> _Part:
    """The one of that id. Raises UsageError where there is none."""
    for each in known:
        if each.id == name:
            return each
    ids = [each.id for each in known]
    near = did_you_mean(name, ids) or f"; known are {', '.join(ids)}"
    raise UsageError(f"there is no {kind} {name!r}{near}")
