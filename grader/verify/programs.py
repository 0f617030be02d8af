"""Programs of the course's own, run as a student's is: reference and stub, other right answers, and the long way."""

from __future__ import annotations

import inspect
import textwrap
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from grader.errors import CourseError
from grader.grading.attempt import batch_of, load_of, packages, run_and_judge
from grader.judging.judge import points_of
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.sandbox.sandbox import WorkerError
from grader.wire import messages as wire

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from grader.course.model import Exercise
    from grader.grading.pool import Pool
    from grader.judging.answer_key import AnswerKey, CheckKey
    from grader.judging.judge import OwnJudge
    from grader.sandbox.limits import Limits

__all__ = ["Alternative", "Subject", "alternatives", "capped", "real_size", "reference_and_stub", "rejected"]

_SHARE = 4
"""A right way takes at most this part of a limit, and the long way at least so many times it."""
_PATIENCE = 16
"""So many times the limit on the clock is waited where processor time is measured: other programs run beside it."""

_MUTANT_SECONDS = 2

_TOO_LONG = (Verdict.TIME_LIMIT_EXCEEDED, Verdict.MEMORY_LIMIT_EXCEEDED)


class Subject(msgspec.Struct, frozen=True):
    """An exercise with its key, and where its programs run."""

    exercise: Exercise
    key: AnswerKey
    own_judge: OwnJudge
    pool: Pool

    def result(self, source: str) -> ExerciseResult:
        """The result of a program of the course's own."""
        program = (wire.Chunk(f"{self.exercise.id}.py", source),)
        with self.pool.bench() as bench:
            sandbox = bench.sandbox(packages(self.exercise))
            return run_and_judge(sandbox, self.exercise, self.key, program, own_judge=self.own_judge).result

    def earned(self, source: str, check: CheckKey) -> float | None:
        """The points of a program of the course's own in one check, without feedback; None where it cannot be judged."""
        program = (wire.Chunk(f"{self.exercise.id}.py", source),)
        with self.pool.bench() as bench:
            sandbox = bench.sandbox(packages(self.exercise))
            try:
                run = sandbox.run(
                    load_of(self.exercise, self.key, program, "all"), [batch_of(check)], self.exercise.limits
                )
            except WorkerError:
                return None
        return points_of(check, run.outcomes[0], self.own_judge)


def capped(exercise: Exercise) -> Exercise:
    """The exercise with the limits of a changed formula: a change of one sign can make a loop endless."""
    limits = exercise.limits
    cpu, wall = min(limits.cpu_seconds, _MUTANT_SECONDS), min(limits.wall_seconds, _MUTANT_SECONDS)
    return replace(exercise, limits=replace(limits, cpu_seconds=cpu, wall_seconds=wall))


class Alternative(msgspec.Struct, frozen=True):
    """Another right answer, in a file of the course's tests."""

    name: str
    source: str


def reference_and_stub(subject: Subject, source: str, stub: str) -> Iterator[str]:
    """The reference earns everything, the stub nothing; each run twice, alike."""
    for name, text, wanted in (("reference", source, Verdict.ACCEPTED), ("stub", stub, Verdict.NOT_ATTEMPTED)):
        first, second = (subject.result(text) for _ in range(2))
        if first != second:
            yield f"two runs of the {name} differ: something in it is random"
        for check in first.checks:
            if check.verdict is not wanted:
                yield f"the {name} gets {check.verdict} from {check.name}, not {wanted}: {check.feedback}"


# --- other right answers


def alternatives(root: Path, exercise: str) -> tuple[Alternative, ...]:
    """The right answers to an exercise in other styles: tests/alternatives/<exercise>/*.py of the course. Raises CourseError."""
    paths = sorted((root / "tests" / "alternatives" / exercise).glob("*.py"))
    return tuple(Alternative(path.relative_to(root).as_posix(), _text(path)) for path in paths)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"cannot be read: {error}", path=path) from None


def rejected(subject: Subject, found: Iterable[Alternative]) -> Iterator[str]:
    """A fault for each check that does not accept a right answer."""
    for each in found:
        for check in subject.result(each.source).checks:
            if check.verdict is not Verdict.ACCEPTED:
                yield f"{each.name}, a right answer, gets {check.verdict} from {check.name}: {check.feedback}"


# --- a layer of real size


def real_size(
    subject: Subject, right: Mapping[str, str], long_ways: Mapping[str, Callable[..., object]]
) -> Iterator[str]:
    """Faults of the checks that only size decides: a right way takes at most a quarter of each limit, the long way four times one.

    `right` has the right programs by their names, `long_ways` the function that a check rules out, by its name.
    """
    limits = subject.exercise.limits
    patient = replace(limits, wall_seconds=limits.wall_seconds * _PATIENCE)
    for check in subject.key.checks:
        if check.name not in long_ways:
            continue
        # A process has its time for all of its cases.
        often = replace(check, cases=check.cases * _SHARE)
        small = _limited(subject, [often], replace(patient, memory_mb=limits.memory_mb // _SHARE))
        for name, source in right.items():
            (found,) = small.result(source).checks
            if found.verdict is not Verdict.ACCEPTED:
                yield f"{check.name}: {name} needs more than a quarter of the limits ({found.verdict}); take smaller inputs"
        way = long_ways[check.name]
        program = _program(way, check.function)
        large = replace(patient, cpu_seconds=limits.cpu_seconds * _SHARE, memory_mb=limits.memory_mb * _SHARE)
        (found,) = _limited(subject, [check], large).result(program).checks
        if found.verdict not in _TOO_LONG:
            yield f"{check.name}: {way.__name__} needs less than four times the limits ({found.verdict}); take larger inputs"
        others = [each for each in subject.key.checks if each.function == check.function and each.name not in long_ways]
        if not any(
            each.verdict is Verdict.ACCEPTED for each in _limited(subject, others, patient).result(program).checks
        ):
            yield f"{check.name}: {way.__name__} is right in no other check, and so is no way to the answer"


def _limited(subject: Subject, checks: Iterable[CheckKey], limits: Limits) -> Subject:
    key = replace(subject.key, checks=tuple(checks))
    return replace(subject, key=key, exercise=replace(subject.exercise, limits=limits))


def _program(way: Callable[..., object], function: str) -> str:
    """A program that answers by a function of the checks file, which sees its arguments, built-ins and numpy alone."""
    source = textwrap.dedent(inspect.getsource(way))
    return f"from __future__ import annotations\nimport numpy as np\n\n\n{source}\n\n{function} = {way.__name__}\n"
