"""The report on one student's assignment: results, when they were handed in, and what they depend on. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from grader.files import format_of
from grader.judging.verdicts import ExerciseResult, Score, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["FORMAT", "ExerciseReport", "Provenance", "Report", "decode_report", "encode_report", "merge", "searched"]

FORMAT = 2
"""The number of a report's format: since 2, each exercise has its own provenance and its time of submission."""


class Provenance(msgspec.Struct, frozen=True, kw_only=True):
    """What a result depends on, so that a regrade can be compared with it."""

    seed: int | None
    key: str
    """The hash of the answer key; empty where there was none."""
    grader: str
    """Its version, and a hash of its sources."""
    python: str
    numpy: str
    isolation: tuple[str, ...]
    limits: dict[str, int | float]
    """As course.yml has them: a report that is read and written again has the same bytes."""


class ExerciseReport(ExerciseResult, frozen=True, kw_only=True):
    """The result of one exercise, when its answer was handed in (UTC, empty where nothing was), and its provenance."""

    submitted_at: str
    provenance: Provenance
    place: str = ""
    """What the student should know of the file that was graded, where it is not simply the one in its place."""
    program: str = ""
    """The hash of what was run, where anything was: what was found out about it holds for as long as that stays."""

    @staticmethod
    def about(
        result: ExerciseResult, submitted_at: str, provenance: Provenance, place: str = "", program: str = ""
    ) -> ExerciseReport:
        """The report on a result."""
        return ExerciseReport(
            **_fields(result), submitted_at=submitted_at, provenance=provenance, place=place, program=program
        )


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One student's assignment, graded: the instructor's copy."""

    format_version: int = FORMAT
    student: str
    assignment: str
    submitted_at: str
    """When the last of its answers was handed in."""
    score: float
    max_score: float
    exercises: tuple[ExerciseReport, ...]

    @staticmethod
    def of(student: str, assignment: str, exercises: Iterable[ExerciseReport]) -> Report:
        """The report that its exercises add up to."""
        found = tuple(exercises)
        total = Score.total(Score(result.score, result.max_score) for result in found)
        return Report(
            student=student, assignment=assignment, score=total.earned, max_score=total.possible, exercises=found,
            submitted_at=max((each.submitted_at for each in found), default=""),
        )  # fmt: skip


def _fields(struct: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def merge(
    before: Report, after: Report, order: Mapping[str, int], *, missing_is_zero: bool
) -> tuple[Report, tuple[str, ...]]:
    """An earlier report with a later one's results in their place, and the exercises that kept their earlier result.

    A result replaces an earlier one unless nothing was found for it, or it could not be judged.
    """
    results = {result.exercise: result for result in before.exercises}
    kept = []
    for result in after.exercises:
        earlier = results.get(result.exercise)
        if earlier is not None and _stays(earlier, result, missing_is_zero=missing_is_zero):
            kept.append(result.exercise)
        elif earlier is not None and _knows_more(earlier, result):
            results[result.exercise] = replace(result, checks=earlier.checks, not_searched="")
        else:
            results[result.exercise] = result
    ordered = sorted(results.values(), key=lambda result: order.get(result.exercise, len(order)))
    return Report.of(after.student, after.assignment, ordered), tuple(kept)


def _stays(earlier: ExerciseResult, later: ExerciseResult, *, missing_is_zero: bool) -> bool:
    """Whether a result is worth more than a later one that found nothing, or could not be judged."""
    if later.verdict is Verdict.JUDGE_ERROR:
        return earlier.verdict is not Verdict.JUDGE_ERROR
    return earlier.attempted and not later.attempted and not missing_is_zero


def searched(graded: Report, found: Report) -> Report:
    """A report with what searches have found; nothing of one whose program is another by now, or was judged otherwise.

    So a search, for which the program runs once more, changes no grade.
    """
    results = {each.exercise: each for each in found.exercises}
    return Report.of(
        graded.student, graded.assignment,
        (
            later if (later := results.get(each.exercise)) is not None and _is_same(each, later) else each
            for each in graded.exercises
        ),
    )  # fmt: skip


def _knows_more(earlier: ExerciseReport, later: ExerciseReport) -> bool:
    """Whether a search has been made in the very program that waits for one in a later result."""
    return bool(later.not_searched) and not earlier.not_searched and _is_same(earlier, later)


def _is_same(one: ExerciseReport, other: ExerciseReport) -> bool:
    """Whether one program was judged twice in the same way, and with the same outcome."""
    outcomes = ([(check.name, check.verdict, check.points) for check in each.checks] for each in (one, other))
    alike = one.program == other.program and one.provenance == other.provenance and next(outcomes) == next(outcomes)
    return alike and bool(one.program)


def encode_report(report: Report) -> bytes:
    """The report as indented JSON; two runs that find the same write the same bytes."""
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


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
    if format_of(data, path, FORMAT) == FORMAT:
        return msgspec.json.decode(data, type=Report)
    return msgspec.json.decode(data, type=_FirstReport).upgraded()
