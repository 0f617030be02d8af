"""What judging says of a check and of an exercise: verdicts, scores, and what the student reads."""

from __future__ import annotations

import enum
import math
from typing import TYPE_CHECKING

import msgspec

from grader.wire.values import Array  # noqa: TC001  msgspec reads it

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["UNJUDGED", "CheckResult", "Example", "ExerciseResult", "Score", "Told", "Verdict", "nothing_handed_in"]


UNJUDGED = "this could not be judged, which is not your fault and costs you nothing: your instructor has been told"
"""What a student reads under a JUDGE_ERROR; why there is one is the instructor's to know."""


def nothing_handed_in(exercise: str) -> str:
    """What a student reads where nothing was found that may be an answer."""
    return f"Nothing was handed in for {exercise}: hand in {exercise}.py or {exercise}.ipynb."


class Verdict(enum.StrEnum):
    """How a check or an exercise ended; JUDGE_ERROR is the course's fault and never a student's."""

    ACCEPTED = "ACCEPTED"
    WRONG_ANSWER = "WRONG_ANSWER"
    RUNTIME_ERROR = "RUNTIME_ERROR"
    TIME_LIMIT_EXCEEDED = "TIME_LIMIT_EXCEEDED"
    MEMORY_LIMIT_EXCEEDED = "MEMORY_LIMIT_EXCEEDED"
    OUTPUT_LIMIT_EXCEEDED = "OUTPUT_LIMIT_EXCEEDED"
    NOT_ATTEMPTED = "NOT_ATTEMPTED"
    FORBIDDEN = "FORBIDDEN"
    JUDGE_ERROR = "JUDGE_ERROR"

    @staticmethod
    def of(verdicts: Iterable[Verdict]) -> Verdict:
        """One verdict for many, in order: a judge error, else the first that is not ACCEPTED, else ACCEPTED."""
        found = list(verdicts)
        if Verdict.JUDGE_ERROR in found:
            return Verdict.JUDGE_ERROR
        return next((verdict for verdict in found if verdict is not Verdict.ACCEPTED), Verdict.ACCEPTED)


class Score(msgspec.Struct, frozen=True):
    """Points earned of points possible; they add up."""

    earned: float
    possible: float

    @staticmethod
    def total(scores: Iterable[Score]) -> Score:
        """The sum, exact to the last bit and the same in any order."""
        found = list(scores)
        return Score(math.fsum(score.earned for score in found), math.fsum(score.possible for score in found))


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """Why a check failed, as far as that is known."""

    way: int
    """How it is known: by a misconception (1), a slip of the right values (2), altered inputs (3), one edit of the program (4), or
    for which inputs it is right (5)."""
    sentence: str
    """What the student reads of it, as it stands in the feedback."""
    line: int = 0
    """The line that one edit changes, where one does; of a notebook, in its cell."""
    edit: str = ""
    """That edit, as a diff: for the instructor alone."""


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """What came back for a case of a public check, and what is right: two arrays, small enough to be looked at."""

    part: str
    """Which part of the answer they are; empty for the whole."""
    expected: Array
    returned: Array
    wrong: tuple[int, ...]
    """The entries that differ, counted along the rows; none where the shapes do."""


class CheckResult(msgspec.Struct, frozen=True, kw_only=True):
    """One check's verdict, and what the student reads under its claim."""

    name: str
    claim: str
    public: bool
    verdict: Verdict
    points: float
    max_points: float
    misconceptions: tuple[str, ...] = ()
    feedback: str = ""
    """Sentences, one a line."""
    kept: str = ""
    """A written answer, for a person to read."""
    group: str = ""
    """The name of the group of a wrong answer that no mistake explains, see `groups`: for the instructor."""
    diagnosis: Told | None = None
    waiting: bool = False
    """Whether a person has still to give its points."""
    comment: str = ""
    """What a person wrote who gave them."""
    visibility: str = "visible"
    """When a student's page has its line, see `course.checks.Visibility`."""
    example: Example | msgspec.UnsetType = msgspec.UNSET
    """Of a public check alone: the first case that is not right, where arrays tell it."""


class ExerciseResult(msgspec.Struct, frozen=True, kw_only=True):
    """One exercise of one student; `verdict` follows from the checks."""

    exercise: str
    verdict: Verdict
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]
    notes: tuple[str, ...] = ()
    """What else the student should know: how the answer was read."""
    fault: str = ""
    """Why there is no verdict, with a traceback: for the instructor alone."""
    not_searched: str = ""
    """Why it is not known yet whether one edit of the program would be right; empty where it is, or nothing is to be known."""

    @staticmethod
    def of(
        exercise: str, checks: Iterable[CheckResult], *, notes: tuple[str, ...] = (), fault: str = ""
    ) -> ExerciseResult:
        """The result that its checks add up to."""
        found = tuple(checks)
        total = Score.total(Score(check.points, check.max_points) for check in found)
        return ExerciseResult(
            exercise=exercise, score=total.earned,
            verdict=Verdict.of(check.verdict for check in found) if found else Verdict.NOT_ATTEMPTED,
            max_score=total.possible, checks=found, notes=notes, fault=fault,
        )  # fmt: skip

    @staticmethod
    def unjudged(exercise: str, fault: str) -> ExerciseResult:
        """The result of an exercise that has no checks to judge it by."""
        return ExerciseResult(
            exercise=exercise, verdict=Verdict.JUDGE_ERROR, score=0.0, max_score=0.0, checks=(), fault=fault
        )

    @property
    def attempted(self) -> bool:
        """Whether there was an answer, to any part of it."""
        return not self.checks or any(check.verdict is not Verdict.NOT_ATTEMPTED for check in self.checks)

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The misconceptions diagnosed in any check, each once, in order."""
        return tuple(dict.fromkeys(name for check in self.checks for name in check.misconceptions))
