"""Prove that an exercise's checks bite: right answers pass, wrong ones fail and are told why, what ships is current."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader import wire
from grader.errors import CourseError
from grader.grade import packages, run_and_judge
from grader.judge import judge
from grader.key import AnswerKey, compile_key
from grader.release import stale
from grader.result import Verdict
from grader.sandbox import Sandbox
from grader.source import make_stub

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.course import Course, Exercise
    from grader.value import Value

__all__ = ["Verification", "verify"]


@dataclass(frozen=True, slots=True)
class Verification:
    """What was proven of an exercise, and what was not: a sentence for each fault."""

    exercise: str
    checks: int
    cases: int
    misconceptions: int
    points: float
    faults: tuple[str, ...]


def verify(course: Course, exercises: Iterable[Exercise]) -> Iterator[Verification]:
    """Verify exercises one by one."""
    outdated = stale(course, course.root / "exercises")
    for exercise in exercises:
        own = [path for path in outdated if path.rpartition("/")[2].partition(".")[0] == exercise.id]
        faults = [f"{path} is stale; run `grader release exercises`" for path in own]
        try:
            key = compile_key(course, exercise)
        except CourseError as error:
            yield Verification(exercise.id, 0, 0, 0, 0.0, (str(error), *faults))
            continue
        with Sandbox(packages(exercise)) as sandbox:
            faults = [*_programs(course, exercise, key, sandbox), *_misconceptions(key), *faults]
        cases = sum(len(check.cases) for check in key.checks)
        yield Verification(exercise.id, len(key.checks), cases, len(key.misconceptions), key.points, tuple(faults))


def _programs(course: Course, exercise: Exercise, key: AnswerKey, sandbox: Sandbox) -> Iterator[str]:
    """The reference earns everything, the stub nothing; each run twice, alike."""
    path = course.reference(exercise)
    source = path.read_text(encoding="utf-8")
    for name, text, wanted in (
        ("reference", source, Verdict.ACCEPTED),
        ("stub", make_stub(source, path), Verdict.NOT_ATTEMPTED),
    ):
        program = (wire.Chunk(f"{exercise.id}.py", text),)
        first, second = (run_and_judge(sandbox, exercise, key, program).result for _ in range(2))
        if first != second:
            yield f"two runs of the {name} differ: something in it is random"
        for check in first.checks:
            if check.verdict is not wanted:
                yield f"the {name} gets {check.verdict} from {check.name}, not {wanted}: {check.feedback}"


def _misconceptions(key: AnswerKey) -> Iterator[str]:
    """Each misconception is rejected, and diagnosed as itself alone (or as one with the same words)."""
    for name, words in key.misconceptions.items():
        outcomes = tuple(
            tuple(
                _outcome(case.wrong[name]) if name in case.wrong else wire.Returned(case.expected)
                for case in check.cases
            )
            for check in key.checks
        )
        result = judge(key, outcomes)
        if result.score == result.max_score:
            yield f"misconception {name!r} passes every check that is worth points; add a case that tells it apart"
            continue
        told = {key.misconceptions[found] for found in result.misconceptions}
        if told != {words}:
            others = ", ".join(found for found in result.misconceptions if found != name)
            problem = f"is also diagnosed as {others}" if name in result.misconceptions else "is not diagnosed"
            yield f"misconception {name!r} {problem}; add a case on which it returns a value of its own"


def _outcome(answer: Value | None) -> wire.Outcome:
    return wire.Raised("Exception") if answer is None else wire.Returned(answer)
