"""What a record is given and what it gives: plain data."""

from __future__ import annotations

import functools
import operator
from typing import TYPE_CHECKING, Any

import msgspec

from grader.judging.verdicts import ExerciseResult, Verdict
from grader.reports.report import ExerciseReport, Provenance, Worth
from grader.submissions.submission import By  # noqa: TC001  msgspec reads it

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "EARLIER",
    "JUDGED",
    "NOTHING_FOUND",
    "NOT_JUDGED",
    "Act",
    "Earlier",
    "Entry",
    "Event",
    "Judged",
    "Judgement",
    "Known",
    "New",
    "Newest",
    "PassedOver",
    "Place",
    "Run",
    "Tried",
    "state_of",
]

Place = tuple[str, str, str]
"""A student, an assignment and an exercise."""

EARLIER, NOTHING_FOUND, NOT_JUDGED, JUDGED = range(-1, 3)
"""The ranks of a result: where there is one of a higher rank, one of a lower never counts, unless the term's rules say so. `EARLIER`
is the rank of what was handed in before the answer that is graded, whatever came of it."""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What judging a program gave, and what it depends on."""

    result: ExerciseResult
    provenance: Provenance
    program: str = ""
    """The hash of what was run, where anything was."""
    identity: str | None = None
    """The hash of all that decides the result; None where it is never to be used again."""

    @property
    def rank(self) -> int:
        """How much it is worth beside others."""
        if self.result.verdict is Verdict.JUDGE_ERROR:
            return NOT_JUDGED
        return JUDGED if self.result.attempted else NOTHING_FOUND


class New(msgspec.Struct, frozen=True, kw_only=True):
    """One answer with its result, to be recorded."""

    student: str
    assignment: str
    exercise: str
    name: str
    """The name of the file; empty where nothing was found."""
    data: bytes | None
    """What was handed in; None where nothing was, or where only the result is known."""
    submitted_at: str
    place: str
    """What the student should know of the file, see `ExerciseReport.place`."""
    judgement: Judgement | int
    """A new one, or the number of one that the record has."""
    by: By = ""
    """Whose word `submitted_at` is."""
    rank: int | None = None
    """A rank other than the judgement's: for what counts though nothing was found any more, or what was handed in earlier."""


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """What was handed in before what is graded: it is kept, and nothing came of it yet."""

    student: str
    assignment: str
    exercise: str
    content: str
    """The hash of what was handed in."""
    name: str
    submitted_at: str
    by: By = ""


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """An attempt with the best that came of it, for the rules of a term; many, so their results are read only where they must be."""

    student: str
    assignment: str
    exercise: str
    attempt: int
    content: str | None
    name: str
    submitted_at: str
    by: By
    rank: int
    """How much its result is worth, whether or not another attempt came later."""
    result_id: int
    verdict: Verdict
    score: float
    max_score: float
    misconceptions: tuple[str, ...]
    written: bool
    """Whether a person gives points for a text in it."""
    waiting: bool = False
    """Whether that person has still to do so."""
    current: bool
    """Whether it is the one that counts without any rule."""


class Judged(msgspec.Struct, frozen=True):
    """A judgement that the record has: its number, and how much it is worth beside others."""

    number: int
    rank: int


class Known(msgspec.Struct, frozen=True):
    """What is needed of a current result to see whether anything has changed: one of many, so it is a struct."""

    identity: str | None
    content: str | None
    name: str
    submitted_at: str
    place: str
    by: By
    key: str
    """The hash of the answer key that it was judged by."""
    grader: str
    """The exact version of the grader that judged it."""
    rank: int
    waits: bool
    """Whether an edit of the program is still to be looked for."""
    judgement_id: int
    result_id: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A current result, whole."""

    student: str
    assignment: str
    exercise: str
    content: str | None
    name: str
    submitted_at: str
    by: By
    place: str
    result: ExerciseResult
    """With the edit that was found later, where one was."""
    judged: ExerciseResult
    """Without it."""
    provenance: Provenance
    program: str
    identity: str | None
    waits: bool
    """Whether an edit of the program is still to be looked for."""
    rank: int
    judgement_id: int
    result_id: int

    def report(self, worth: Worth | None = None) -> ExerciseReport:
        """The report on it, and on what it is worth."""
        return ExerciseReport.about(self.result, self.submitted_at, self.provenance, self.place, self.program, worth)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a command."""

    id: int
    at: str
    who: str
    command: str
    submitted: str
    """Where the submissions were; empty where the run read none."""
    grader: str


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What a person decided."""

    id: int
    at: str
    who: str
    why: str
    kind: str
    run: int | None
    """The run that it led to."""
    details: Mapping[str, Any]


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """One result in the history of a student's answer."""

    assignment: str
    exercise: str
    at: str
    run: Run
    act: Act | None
    """What a person had decided that led to the run."""
    content: str | None
    name: str
    submitted_at: str
    place: str
    verdict: Verdict
    score: float
    max_score: float
    key: str
    grader: str
    rank: int
    edited_at: str
    """When a search found out more about it; empty where none did."""
    judgement_id: int
    result_id: int


class Newest(msgspec.Struct, frozen=True):
    """How far a record has grown: whoever keeps it can ask later what is newer."""

    result: int
    edit: int
    act: int


class PassedOver(msgspec.Struct, frozen=True):
    """The last result of an answer, where an earlier one counts."""

    student: str
    assignment: str
    exercise: str
    result_id: int
    rank: int


def state_of(results: Iterable[tuple[int, bool]]) -> int:
    """One number for some results, in any order: for their numbers, and whether they still wait for a search."""
    return functools.reduce(operator.xor, map(hash, results), 0)
