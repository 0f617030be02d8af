"""The report on one student's assignment, and what its results depend on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from grader.judging.verdicts import ExerciseResult, Score

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Graded", "Provenance", "Report"]


class Provenance(msgspec.Struct, frozen=True):
    """What a result depends on, so that a regrade can be compared with it."""

    seed: int | None
    keys: dict[str, str]
    """The hash of the answer key of each exercise."""
    grader: str
    python: str
    numpy: str
    isolation: tuple[str, ...]
    limits: dict[str, dict[str, float]]


class Report(msgspec.Struct, frozen=True):
    """One student's assignment, graded: the instructor's copy."""

    student: str
    assignment: str
    score: float
    max_score: float
    exercises: tuple[ExerciseResult, ...]
    provenance: Provenance

    @staticmethod
    def of(student: str, assignment: str, exercises: Iterable[ExerciseResult], provenance: Provenance) -> Report:
        """The report that its exercises add up to."""
        found = tuple(exercises)
        total = Score.total(Score(result.score, result.max_score) for result in found)
        return Report(student, assignment, total.earned, total.possible, found, provenance)


@dataclass(frozen=True, slots=True)
class Graded:
    """A student's report, and when each exercise was handed in."""

    report: Report
    submitted_at: tuple[str, ...]
