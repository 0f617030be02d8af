"""One answer to one exercise: a program is run in the sandbox, and what comes of it is judged."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.judging.exceptions import left_out
from grader.judging.judge import judge, refuse
from grader.judging.verdicts import ExerciseResult, Verdict
from grader.sandbox.sandbox import Batch, Sandbox, WorkerError
from grader.wire import messages as wire

if TYPE_CHECKING:
    from grader.course.model import Exercise
    from grader.judging.answer_key import AnswerKey

__all__ = ["Attempt", "packages", "run_and_judge"]

_FRAMEWORKS = {
    "numpy": (),
    # torch imports the second at the first backward(), and that the others.
    "torch": ("torch", "torch.fx.experimental.symbolic_shapes", "sympy", "mpmath"),
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One exercise, graded: the result, what it was judged from, and what else its student should know."""

    result: ExerciseResult
    outcomes: tuple[tuple[wire.Outcome, ...], ...] = ()
    printed: str = ""
    notes: tuple[str, ...] = ()


def packages(exercise: Exercise) -> tuple[str, ...]:
    """What the worker for an exercise imports beside numpy before it locks itself."""
    return (*_FRAMEWORKS[exercise.framework], *exercise.imports)


def run_and_judge(
    sandbox: Sandbox, exercise: Exercise, key: AnswerKey, program: tuple[wire.Chunk, ...], mode: wire.Mode = "file"
) -> Attempt:
    """Run and judge a program. A worker that keeps dying is a JUDGE_ERROR.

    Public checks are run first: what their feedback shows, a program that has seen hidden inputs could make of these.
    """
    load = wire.Load(exercise.id, program, key.functions, packages(exercise), mode)
    batches = [
        Batch(
            check.function,
            tuple(
                wire.Call(check.function, case.args, check.readonly, check.driver, check.strict) for case in check.cases
            ),
        )
        for check in key.checks
    ]
    order = sorted(range(len(batches)), key=lambda index: not key.checks[index].public)
    try:
        run = sandbox.run(load, [batches[index] for index in order], exercise.limits)
    except WorkerError as error:
        return Attempt(
            refuse(key, Verdict.JUDGE_ERROR, f"the grader's worker failed, which is not your fault: {error}")
        )
    outcomes = tuple(found for _, found in sorted(zip(order, run.outcomes, strict=True), key=operator.itemgetter(0)))
    try:
        result = judge(key, outcomes)
    except Exception as error:  # noqa: BLE001  a fault of ours costs one answer its verdict, and not the class its run
        fault = f"the grader failed to judge this, which is not your fault: {type(error).__name__}"
        result = refuse(key, Verdict.JUDGE_ERROR, fault)
    failed = {(raised.chunk, raised.kind, raised.message): raised for raised in reversed(run.failed) if raised.chunk}
    return Attempt(result, outcomes, run.printed, tuple(left_out(raised) for raised in reversed(failed.values())))
