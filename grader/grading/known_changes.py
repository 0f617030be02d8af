"""Which kinds of change the known mistakes are: those of the reference that give a misconception's values, found in the sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.grading.attempt import call_of, load_of
from grader.grading.brake import Brake, GivenUpError
from grader.judging.repairs import edits, explained, kinds_of_mistakes
from grader.wire import messages as wire
from grader.wire.values import arrays

if TYPE_CHECKING:
    from grader.course.model import Exercise
    from grader.judging.answer_key import AnswerKey, CheckKey
    from grader.sandbox.sandbox import Sandbox

__all__ = ["kinds_of_known"]

_MOST, _SECONDS = 1000, 20.0
"""How many changes are tried, and for how long."""


def kinds_of_known(
    sandbox: Sandbox, exercise: Exercise, key: AnswerKey, function: str, reference: str
) -> frozenset[str]:
    """The kinds of those changes of a function of the reference's; none where trying them is given up.

    Tried on the cases of the check that tells most misconceptions apart. Raises WorkerError.
    """
    asked = [check for check in key.checks if check.function == function and not check.judge]
    check = max(asked, key=lambda each: (len(_told_apart(each)), -_size(each)), default=None)
    if check is None or not _told_apart(check):
        return frozenset()
    program = (wire.Chunk(f"{exercise.id}.py", reference),)
    changed = edits(program, {program[0].name}, function, _MOST)
    left = [(edit, _told_apart(check)) for edit in changed]
    brake = Brake(sandbox, _SECONDS)
    try:
        with sandbox.variants(load_of(exercise, key, program, "all"), exercise.limits) as variants:
            for case in check.cases:
                statements = [edit.statement for edit, _ in left]
                outcomes = brake.outcomes(variants.outcomes(call_of(check, case), statements))
                found = [(edit, explained(check, case, names, outcome)) for (edit, names), outcome in zip(left, outcomes, strict=False)]  # fmt: skip
                left = [(edit, names) for edit, names in found if names]
    except GivenUpError:
        return frozenset()
    return kinds_of_mistakes(left)


def _told_apart(check: CheckKey) -> frozenset[str]:
    """The misconceptions with a value of their own in a check."""
    return frozenset(name for case in check.cases for name, wrong in case.wrong.items() if wrong is not None)


def _size(check: CheckKey) -> int:
    return sum(array.numpy().size for case in check.cases for value in case.args for array in arrays(value))
