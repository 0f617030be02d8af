"""A student's own answers, tried on the public examples in one pool, and what came of them remembered."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

import grader
from grader.grading.attempt import Attempt, attempt, missing_packages
from grader.grading.choosing import answer_to, choose
from grader.grading.kept import place_of
from grader.grading.keys import Keys
from grader.grading.progress import Found, remember_found
from grader.grading.reading import functions_of_others
from grader.grading.tracing import arrays_by_check
from grader.judging.answer_key import digest
from grader.judging.judge import refuse
from grader.judging.verdicts import Score, Verdict
from grader.reports.examples import examples_shown
from grader.reports.status import ExerciseStatus
from grader.submissions.program import Refusal, program_of, read_data
from grader.submissions.submission import Submission

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from grader.course.model import Course, Exercise
    from grader.grading.choosing import Chosen
    from grader.grading.pool import Pool
    from grader.grading.progress import Progress
    from grader.judging.answer_key import AnswerKey

__all__ = ["Desk", "Tried"]


class Tried(msgspec.Struct, frozen=True):
    """An answer of a student's, and what came of it on the examples that came with its stub."""

    chosen: Chosen
    key: AnswerKey
    attempt: Attempt


class _Read(msgspec.Struct, frozen=True):
    """An answer as it was read, and a hash of all that decides what comes of it."""

    submission: Submission
    data: bytes | Refusal
    others: Mapping[str, tuple[str, ...]]
    state: str


class Desk:
    """One student's tree. For one thread."""

    def __init__(self, course: Course, pool: Pool) -> None:
        """Run nothing yet."""
        self.course, self.keys = course, Keys(course, shipped=True)
        self._pool = pool

    def choose(self, paths: Sequence[Path] = ()) -> list[Chosen]:
        """Which exercises are meant, and which file answers each. Raises UsageError."""
        return choose(self.course, self.keys, paths)

    def answer(self, exercise: Exercise) -> Chosen:
        """The file that answers an exercise, in its own folder. Raises UsageError."""
        return answer_to(self.course, self.keys, exercise)

    def tried(self, chosen: Chosen) -> Tried:
        """An answer, tried now; where nobody has written one yet, nothing is run. Raises UsageError."""
        exercise, key = chosen.exercise, self.keys.of(chosen.exercise)
        if chosen.waits:
            return Tried(chosen, key, Attempt(refuse(key, Verdict.NOT_ATTEMPTED, "not attempted yet")))
        read = self._read(chosen)
        source = read.data if isinstance(read.data, Refusal) else program_of(read.submission, read.data)
        with self._pool.bench() as bench:
            found = attempt(bench, exercise, key, source, read.others, self.keys.own_judge)
        if found.result.verdict is not Verdict.JUDGE_ERROR:  # which the next try may be without
            remember_found(self.course, exercise, Found.of(found.result, read.state))
        return Tried(chosen, key, found)

    def shown(self, tried: Tried, width: int) -> dict[str, list[str]]:
        """By the name of a check that failed, what is shown below it: arrays beside each other, and what the program did."""
        attempt = tried.attempt
        with self._pool.bench() as bench:
            arrays = arrays_by_check(bench, tried.chosen.exercise, tried.key, attempt)
        program = attempt.program.chunks if attempt.program else ()
        return examples_shown(tried.key, attempt.result, attempt.outcomes, program, arrays, width)

    def repaired(self, tried: Tried) -> Tried:
        """With what one edit says of it that makes the public examples pass; searched once for each state of a file."""
        from grader.grading.repair import Repairs  # noqa: PLC0415  few courses ask for it, and it takes long to import

        exercise = tried.chosen.exercise
        with self._pool.bench() as bench:
            result = Repairs(self.course.repair, self.course.reference).result(
                bench, exercise, tried.key, tried.attempt, self.keys.own_judge, passes="the public examples",
                place=place_of("searched", exercise.id, tried.chosen.path),
            )  # fmt: skip
        return replace(tried, attempt=replace(tried.attempt, result=result))

    def status(self, chosen: Chosen, progress: Progress) -> ExerciseStatus:
        """How it stands with an exercise: an answer that has changed since it was last checked is tried now. Raises UsageError."""
        exercise, key = chosen.exercise, self.keys.of(chosen.exercise)
        hints = progress.hints.get(exercise.id, 0)
        if lacking := missing_packages(exercise):
            return _status(chosen, key, None, hints, lacking)
        found = None if chosen.waits else progress.found.get(exercise.id)
        if found is None or found.state != self._read(chosen).state:
            return self.status_of(self.tried(chosen), hints)
        return _status(chosen, key, found, hints)

    def status_of(self, tried: Tried, hints: int) -> ExerciseStatus:
        """How it stands with an exercise that was tried, and of which so many hints were shown."""
        return _status(tried.chosen, tried.key, Found.of(tried.attempt.result), hints)

    def _read(self, chosen: Chosen) -> _Read:
        exercise, path = chosen.exercise, chosen.path
        submission = Submission("", exercise.assignment, exercise.id, path if path.exists() else None, "")
        others = functions_of_others(self.course, self.keys, exercise) if submission.notebook else {}
        data = read_data(submission)
        what = data if isinstance(data, bytes) else data.feedback
        decides = (what, path.name, others, digest(self.keys.of(exercise)), grader.__version__)
        return _Read(submission, data, others, hashlib.sha256(msgspec.msgpack.encode(decides)).hexdigest())


def _status(
    chosen: Chosen, key: AnswerKey, found: Found | None, hints: int, lacking: tuple[str, ...] = ()
) -> ExerciseStatus:
    return ExerciseStatus(
        exercise=key.exercise, assignment=chosen.exercise.assignment, file=str(chosen.path), lacking=lacking,
        verdict=found.verdict if found else None,
        score=Score(found.earned, found.possible) if found else Score(0.0, key.points),
        hidden=key.hidden_points, examples=len(key.checks), hints=hints, all_hints=len(key.hints),
    )  # fmt: skip
