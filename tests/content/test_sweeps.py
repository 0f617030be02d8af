"""Every misconception of the course is named, whatever else a student's code does on other inputs, or to all values; no program is run."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from grader.building.compiler import compile_exercise
from grader.judging.compare import compare
from grader.judging.judge import judge, points_of, trusted
from grader.wire import messages as wire
from grader.wire.values import Array, List, Mapping, Tuple, arrays, pack, parts
from marks import needs_torch
from repository import course_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from grader.course.model import Exercise
    from grader.judging.answer_key import AnswerKey, CaseKey
    from grader.judging.judge import OwnJudge
    from grader.judging.verdicts import ExerciseResult
    from grader.wire.values import Value

COURSE = course_here()
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
    """Which cases return: all, all but the first hidden one, all but the last, and those without an axis of size 1."""
    del name
    hidden = next(case for check in key.checks if not check.public for case in check.cases)
    last = key.checks[-1].cases[-1]
    yield lambda _: True
    yield lambda case: case is not hidden
    yield lambda case: case is not last
    yield lambda case: not any(isinstance(each, Array) and 1 in each.shape for each in case.args)


def judged(
    key: AnswerKey, own_judge: OwnJudge, name: str, change: Callable[[CaseKey, Value], Value | None]
) -> tuple[ExerciseResult, list[tuple[CaseKey, Value]]]:
    """What becomes of a student who makes that mistake, and whose code raises where the changed value is None; and the values."""
    values, outcomes = [], []
    for check in key.checks:
        wrong = [(case, case.wrong.get(name, case.expected)) for case in check.cases]
        given = [(case, None if value is None else change(case, value)) for case, value in wrong]
        outcomes.append(tuple(RAISED if value is None else wire.Returned(value) for _, value in given))
        values += [(case, value) for case, value in given if value is not None]
    return judge(key, outcomes, own_judge), values


def where(returns: Callable[[CaseKey], bool]) -> Callable[[CaseKey, Value], Value | None]:
    """The values of the cases that return."""
    return lambda case, value: value if returns(case) else None


def told(key: AnswerKey, result: ExerciseResult) -> set[str]:
    """The words of the misconceptions that are told."""
    return {key.misconceptions[found] for found in result.misconceptions}


each_exercise = pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(exercise, id=exercise.id, marks=needs_torch if exercise.framework == "torch" else ())
        for exercise in COURSE.exercises()
    ],
)


@pytest.mark.long
@each_exercise
def test_a_misconception_is_named_while_one_value_of_its_own_is_left(exercise: Exercise) -> None:
    """Whichever of its cases that is; as it is, and where the first hidden case raises, the last, or those with an axis of size 1."""
    compiled = compile_exercise(COURSE, exercise)
    key, own_judge = compiled.key, trusted(compiled.judges)
    lost = [
        name
        for name, words in key.misconceptions.items()
        for ways in (alone, all_but)
        for returns in ways(key, name)
        if any(map(returns, separating(key, name)))
        and words not in told(key, judged(key, own_judge, name, where(returns))[0])
    ]
    assert lost == []


# --- with a factor on top

FACTORS: tuple[Callable[[int], float], ...] = (lambda _: -1.0, lambda _: 2.0, lambda size: 1 / size)
"""The opposite sign, twice as much, and a mean for a sum."""
AVERAGED = "divided by N it is the mean of the right values, as a student is told"
NOT_SUMMED = "divided by N it is what the right values are the sum of, as a student is told"
BESIDE_A_TEXT = (
    "its values stand beside a text, where no factor is looked for; all others are multiples of the right ones"
)
IN_ANOTHER_FORM = "what is in another form than the one asked is told so, and no factor is looked for in it"
TOLD_OTHERWISE = {
    ("scalar_times_vector_jacobians", "number_for_dy_dv"): AVERAGED,
    ("scalar_times_vector_jacobians", "one_axis_for_dy_dv"): AVERAGED,
    ("scalar_times_vector_jacobians", "every_entry_of_dy_dv"): AVERAGED,
    ("relu_jacobian", "mask_alone"): AVERAGED,
    ("bce_with_logits", "losses_of_the_samples"): NOT_SUMMED,
    ("linear_function_torch", "db_over_outputs"): BESIDE_A_TEXT,
    ("sigmoid_jacobian", "diagonal_alone"): AVERAGED,
    ("dY_dX_tensor", "one_jacobian_a_sample"): AVERAGED,
    ("mlp_backward", "in_pairs"): IN_ANOTHER_FORM,
    ("mlp_backward", "biases_as_rows"): "divided by N it is the right mean with an axis too many, as a student is told",
    ("backward_vectors", "entry_of_one_sample"): AVERAGED,
}
"""What is not named with some factor on top, and why."""


def batch_of(key: AnswerKey) -> int:
    """The place of the first argument that has an axis in some case: most often it holds the batch, of size N."""
    columns = zip(*(case.args for check in key.checks for case in check.cases), strict=False)
    return next((place for place, column in enumerate(columns) if any(map(length, column))), 0)


def length(value: Value) -> int:
    """The length of the first axis; 0 for what has none."""
    return value.shape[0] if isinstance(value, Array) and value.shape else 0


def scaled(value: Value, factor: float) -> Value:
    """A value with each of its floating-point arrays multiplied."""
    if isinstance(value, Array):
        numbers = value.numpy()
        return pack(numbers * factor) if numbers.dtype.kind == "f" else value
    if isinstance(value, Mapping):
        return Mapping({name: scaled(item, factor) for name, item in value.items.items()})
    return Tuple(tuple(scaled(item, factor) for item in parts(value))) if parts(value) else value


def times(factor: Callable[[int], float], batch: int) -> Callable[[CaseKey, Value], Value]:
    """The values of each case with a factor that goes by the size of its batch."""
    return lambda case, value: scaled(value, factor(length(case.args[batch]) or 1 if case.args else 1))


def are_of(name: str, values: Iterable[tuple[CaseKey, Value]]) -> bool:
    """Whether these are a misconception's values."""
    return all(
        compare(case.wrong.get(name) or case.expected, value, case.precision) is None
        for case, value in values
        if name not in case.silent
    )


def is_multiple(right: Value, value: Value) -> bool:
    """Whether each array of a value is a multiple of the right one."""
    pairs = [
        tuple(each.numpy().astype(float).ravel() for each in pair) if pair[0].shape == pair[1].shape else ()
        for pair in zip(arrays(right), arrays(value), strict=False)
    ]
    return all(
        pair and np.isclose(abs(pair[0] @ pair[1]), np.linalg.norm(pair[0]) * np.linalg.norm(pair[1]), 1e-9, 0)
        for pair in pairs
    )


@pytest.mark.long
@each_exercise
def test_a_misconception_is_named_with_a_factor_on_top(exercise: Exercise) -> None:
    """Unless the values are then another's, or each part is a multiple of the right one: then a student is told of the factor.

    Where a check has a judge of its own, an answer with a factor is another answer.
    """
    compiled = compile_exercise(COURSE, exercise)
    key, own_judge, batch = compiled.key, trusted(compiled.judges), batch_of(compiled.key)
    compared = {id(case) for check in key.checks if not check.judge for case in check.cases}
    lost = set()
    for (name, words), factor in itertools.product(key.misconceptions.items(), FACTORS):
        if not any(id(case) in compared for case in separating(key, name)):
            continue
        result, values = judged(key, own_judge, name, times(factor, batch))
        if words in told(key, result) or result.score == result.max_score:
            continue
        if any(are_of(other, values) for other in key.misconceptions if other != name):
            continue
        feedback = "\n".join(check.feedback for check in result.checks)
        if "your values are the expected ones" in feedback and all(
            is_multiple(case.expected, value) for case, value in values
        ):
            continue
        lost.add((exercise.id, name))
    assert lost == {place for place in TOLD_OTHERWISE if place[0] == exercise.id}


# --- without an axis of size 1

NEVER_OF_SIZE_1 = {
    ("manual_jacobian", "manual_jacobian", None): "three rows and two columns, whatever x and y are",
    ("layer_gradient_norms", "layer_gradient_norms", None): "a net of one layer has two norms",
    ("layernorm_backward", "layernorm_backward", 1): "dgamma has D numbers, and D is 3 or more",
    ("layernorm_backward", "layernorm_backward", 2): "so has dbeta",
}
"""The parts of answers from which `.squeeze()` takes nothing, by their place in a tuple, and why."""


def squeezed(value: Value) -> Value:
    """A value as `.squeeze()` leaves it; each entry of a list."""
    if isinstance(value, List):
        return List(tuple(map(squeezed, value.items)))
    return pack(value.numpy().squeeze()) if isinstance(value, Array) else value


def with_squeezed(part: int | None, value: Value) -> Value:
    """An answer of which one part has lost its axes of size 1."""
    if not isinstance(value, Tuple):
        return squeezed(value)
    return Tuple(tuple(squeezed(each) if place == part else each for place, each in enumerate(value.items)))


@each_exercise
def test_an_axis_of_size_1_that_is_lost_costs_points(exercise: Exercise) -> None:
    """Wherever a task allows one: a student writes `.squeeze()`, or indexes a row away, and all other sizes come out right."""
    compiled = compile_exercise(COURSE, exercise)
    key, own_judge = compiled.key, trusted(compiled.judges)
    # What a driver returns has a form of its own, and who constructs an answer chooses its sizes.
    checks = [check for check in key.checks if not check.driver and not check.judge]
    answers = {
        (check.function, place)
        for check in checks
        for case in check.cases
        for place, part in (
            enumerate(case.expected.items) if isinstance(case.expected, Tuple) else [(None, case.expected)]
        )
        if any(array.shape for array in arrays(part))
    }
    free = {
        (exercise.id, function, place)
        for function, place in answers
        if all(
            points_of(
                check, tuple(wire.Returned(with_squeezed(place, case.expected)) for case in check.cases), own_judge
            )
            == check.points
            for check in checks
            if check.function == function
        )
    }
    assert free == {known for known in NEVER_OF_SIZE_1 if known[0] == exercise.id}
