"""The report on one student's assignment: results, when they were handed in, and what they depend on. Pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from grader.files import format_of
from grader.judging.verdicts import ExerciseResult, Score, Verdict
from grader.shown_json import shown_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = [
    "FORMAT", "ExerciseReport", "Provenance", "Report", "Worth", "decode_report", "encode_report", "same_outcome",
]  # fmt: skip

FORMAT = 4
"""The number of a report's format: since 2, each exercise has its own provenance and its time of submission; since 3, that names torch; since 4,
an exercise has its penalty and what is left. What may be left out, as a check's `example`, needs no new number."""


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """What a result depends on, so that a regrade can be compared with it."""

    seed: int | None
    key: str
    """The hash of the answer key; empty where there was none."""
    grader: str
    """Its version, and a hash of its sources."""
    python: str
    numpy: str
    torch: str = ""
    """Of an exercise in torch; empty for others, and where a report of an earlier format did not say it."""
    isolation: tuple[str, ...]
    limits: dict[str, int | float]
    """As course.yml has them: a report that is read and written again has the same bytes."""


class Worth(msgspec.Struct, frozen=True):
    """What a term's rules leave of an answer."""

    penalty: float = 0.0
    """The points that lateness takes."""
    final: float | None = None
    """What is left: None while a person or a judge has still to give points, and of one who is excused."""
    notes: tuple[str, ...] = ()
    """Why, each a sentence."""
    excused: bool = False
    """Whether the assignment does not count for the student."""

    @staticmethod
    def of(result: ExerciseResult) -> Worth:
        """That of a result which no rule touches."""
        waits = result.verdict is Verdict.JUDGE_ERROR or any(check.waiting for check in result.checks)
        return Worth(final=None if waits else result.score)


class ExerciseReport(ExerciseResult, frozen=True, kw_only=True):
    """The result of one exercise, when its answer was handed in (UTC, empty where nothing was), and its provenance."""

    submitted_at: str
    provenance: Provenance
    place: str = ""
    """What the student should know of the file that was graded, where it is not simply the one in its place."""
    program: str = ""
    """The hash of what was run, where anything was: what was found out about it holds for as long as that stays."""
    worth: Worth = Worth()

    @staticmethod
    def about(  # noqa: PLR0913
        result: ExerciseResult, submitted_at: str, provenance: Provenance, place: str = "", program: str = "",
        worth: Worth | None = None,
    ) -> ExerciseReport:  # fmt: skip
        """The report on a result; without its worth, of one that no rule touches."""
        return ExerciseReport(
            **_fields(result), submitted_at=submitted_at, provenance=provenance, place=place, program=program,
            worth=worth or Worth.of(result),
        )  # fmt: skip

    def result(self) -> ExerciseResult:
        """What judging it gave, whenever and wherever it was handed in."""
        return ExerciseResult(**{name: getattr(self, name) for name in ExerciseResult.__struct_fields__})


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One student's assignment, graded: the instructor's copy."""

    format_version: int = FORMAT
    student: str
    assignment: str
    submitted_at: str
    """When the last of its answers was handed in."""
    score: float
    """Before lateness, as the checks add up."""
    max_score: float
    exercises: tuple[ExerciseReport, ...]
    penalty: float = 0.0
    final: float | None = None
    """After lateness; None while a part of it has none."""

    @staticmethod
    def of(student: str, assignment: str, exercises: Iterable[ExerciseReport]) -> Report:
        """The report that its exercises add up to."""
        found = tuple(exercises)
        total = Score.total(Score(result.score, result.max_score) for result in found)
        finals = [each.worth.final for each in found]
        return Report(
            student=student, assignment=assignment, score=total.earned, max_score=total.possible, exercises=found,
            submitted_at=max((each.submitted_at for each in found), default=""),
            penalty=math.fsum(each.worth.penalty for each in found),
            final=None if None in finals else math.fsum(each for each in finals if each is not None),
        )  # fmt: skip


def _fields(struct: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def same_outcome(one: ExerciseReport, other: ExerciseReport) -> bool:
    """Whether one program was judged twice with the same outcome."""
    outcomes = ([(check.name, check.verdict, check.points) for check in each.checks] for each in (one, other))
    return one.program == other.program and next(outcomes) == next(outcomes)


def encode_report(report: Report) -> bytes:
    """The report as indented JSON; two runs that find the same write the same bytes."""
    return shown_json(report)


class _FirstProvenance(msgspec.Struct):
    seed: int | None
    keys: dict[str, str]
    grader: str
    python: str
    numpy: str
    isolation: tuple[str, ...]
    limits: dict[str, dict[str, float]]


class _FirstReport(msgspec.Struct):
    """A report of format 1, which had one provenance, and no time."""

    student: str
    assignment: str
    exercises: tuple[ExerciseResult, ...]
    provenance: _FirstProvenance

    def upgraded(self) -> Report:
        return Report.of(self.student, self.assignment, map(self._exercise, self.exercises))

    def _exercise(self, result: ExerciseResult) -> ExerciseReport:
        about = self.provenance
        own = Provenance(
            seed=about.seed, key=about.keys.get(result.exercise, ""), grader=about.grader, python=about.python,
            numpy=about.numpy, isolation=about.isolation, limits=about.limits.get(result.exercise, {}),
        )  # fmt: skip
        return ExerciseReport.about(result, "", own)


def decode_report(data: bytes, path: Path) -> Report:
    """A report from JSON, of this format or an older one; `path` is for messages.

    Raises UsageError for a newer format, msgspec.MsgspecError for what is no report.
    """
    version = format_of(data, path, FORMAT)
    if version == 1:
        return msgspec.json.decode(data, type=_FirstReport).upgraded()
    report = msgspec.json.decode(data, type=Report)
    if version == FORMAT:
        return report
    # Before 4 nothing was late, and no result waited for a person.
    exercises = (replace(each, worth=Worth.of(each.result())) for each in report.exercises)
    return Report.of(report.student, report.assignment, exercises)
