"""Every misconception of the course is named, whatever else a student's code does on other inputs; no program is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.building.compiler import compile_exercise
from grader.course.course_yml import load_course
from grader.judging.judge import judge, trusted
from grader.wire import messages as wire
from grader.wire.values import Array, parts
from marks import needs_torch
from repository import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.course.model import Exercise
    from grader.judging.answer_key import AnswerKey, CaseKey
    from grader.judging.judge import OwnJudge
    from grader.wire.values import Value

COURSE = load_course(ROOT)
RAISED = wire.Raised("ValueError", "", "student.py", 7)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(COURSE.released, reason="a student's tree has no solutions/"),
]


def informs(value: Value | None) -> bool:
    """Whether a value holds a finite number other than 0, or a text: zeros and nan may come of anything."""
    if value is None:
        return False
    if isinstance(value, Array):
        numbers = value.numpy()
        return bool((np.isfinite(numbers) & (numbers != 0)).any())
    return any(map(informs, parts(value))) if parts(value) else True


def separating(key: AnswerKey, name: str) -> list[CaseKey]:
    """The cases in which a misconception has a value of its own that informs."""
    return [case for check in key.checks for case in check.cases if informs(case.wrong.get(name))]


def alone(key: AnswerKey, name: str) -> Iterator[Callable[[CaseKey], bool]]:
    """Which cases return: one of those that separate, each in turn."""
    yield from (lambda case, kept=kept: case is kept for kept in separating(key, name))


def all_but(key: AnswerKey, name: str) -> Iterator[Callable[[CaseKey], bool]]:
    """Which cases return: all but the first hidden one, all but the last, and those without an axis of size 1."""
    del name
    hidden = next(case for check in key.checks if not check.public for case in check.cases)
    last = key.checks[-1].cases[-1]
    yield lambda case: case is not hidden
    yield lambda case: case is not last
    yield lambda case: not any(isinstance(each, Array) and 1 in each.shape for each in case.args)


def told(key: AnswerKey, own_judge: OwnJudge, name: str, returns: Callable[[CaseKey], bool]) -> set[str]:
    """The words of the misconceptions that are told to a student who makes that mistake, and whose code raises elsewhere."""

    def outcome(case: CaseKey) -> wire.Outcome:
        value = case.wrong.get(name, case.expected)
        return wire.Returned(value) if value is not None and returns(case) else RAISED

    outcomes = [tuple(map(outcome, check.cases)) for check in key.checks]
    return {key.misconceptions[found] for found in judge(key, outcomes, own_judge).misconceptions}


@pytest.mark.long
@pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(exercise, id=exercise.id, marks=needs_torch if exercise.framework == "torch" else ())
        for exercise in COURSE.exercises()
    ],
)
def test_a_misconception_is_named_while_one_value_of_its_own_is_left(exercise: Exercise) -> None:
    """Whichever of its cases that is, and where the first hidden case raises, the last, or those with an axis of size 1."""
    compiled = compile_exercise(COURSE, exercise)
    key, own_judge = compiled.key, trusted(compiled.judges)
    lost = [
        name
        for name, words in key.misconceptions.items()
        for ways in (alone, all_but)
        for returns in ways(key, name)
        if any(map(returns, separating(key, name))) and words not in told(key, own_judge, name, returns)
    ]
    assert lost == []
