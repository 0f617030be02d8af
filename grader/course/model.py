"""A course as frozen types: what course.yml says, and where the files of each exercise are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from grader.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from grader.sandbox.limits import Limits

__all__ = ["Assignment", "Course", "Exercise", "Framework", "Isolation", "Notebooks"]

Isolation = Literal["required", "best-effort"]
"""Whether a class may be graded where the baseline of isolation is missing."""

Framework = Literal["numpy", "torch"]
Notebooks = Literal["assignment", "exercise"]


@dataclass(frozen=True, slots=True)
class Exercise:
    """One exercise of one assignment; its id is the name of its files and, by default, of its function."""

    id: str
    assignment: str
    limits: Limits
    framework: Framework
    imports: tuple[str, ...]


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
