"""What formulas give on altered inputs: matched by value, they name what a program left out or mixed up."""

# ruff: noqa: N803  matrices have their names from the exercises

from __future__ import annotations

import numpy as np
import pytest

from grader.building.alterations import alterations
from grader.building.compiler import compile_exercise
from grader.grading.keys import Keys
from grader.judging.judge import judge, no_judge
from grader.wire import messages as wire
from grader.wire.values import pack, unpack
from repository import course_here

COURSE = course_here()


def feedback(exercise_id, mistake):
    """What the first check reads for values that `mistake` makes of the reference and the inputs."""
    exercise = COURSE.exercise(exercise_id)
    keys = Keys(COURSE)
    key = keys.of(exercise)
    reference = compile_exercise(COURSE, exercise).references[exercise_id]
    outcomes = []
    for check in key.checks:
        values = []
        for case in check.cases:
            with np.errstate(all="ignore"):
                wrong = case.expected if check.driver else pack(mistake(reference, *map(unpack, case.args)))
            values.append(wire.Returned(wrong))
        outcomes.append(tuple(values))
    result = judge(key, outcomes, no_judge, keys.altered(exercise, key))
    return "\n".join(check.feedback for check in result.checks)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("exercise_id", "mistake", "told"),
    [
        (
            "softmax_vjp",
            lambda f, v, Z: f(Z, v),
            "` swapped",
        ),
        (
            "relu_layer_jacobian",
            lambda f, W, b, x: f(W, b, np.abs(x)),
            "your values are those of the right formula with `x` taken without its sign",
        ),
        (
            "backprop_batch",
            lambda f, X, W, wout, t: f(X[:1], W, wout, t[:1]),
            "your values are those of the right formula of the first sample alone",
        ),
        (
            "linear_backward",
            lambda f, dout, X, W, b: f(dout, np.maximum(X, 0), W, b),
            "dW: your values are those of the right formula with `X` cut off below 0",
        ),
        (
            "relu_layer_jacobian",
            lambda f, W, b, x: -f(W, b, np.abs(x)),
            "Then your values are as that gives them, but with the opposite sign.",
        ),
    ],
)
def test_a_mistake_with_the_inputs_is_told_whatever_the_program_looks_like(exercise_id, mistake, told):
    assert told in feedback(exercise_id, mistake)


@pytest.mark.slow
def test_a_misconception_on_altered_inputs_is_told_with_its_name():
    exercise = COURSE.exercise("backprop_batch")
    no_mask = compile_exercise(COURSE, exercise).misconceptions["no_mask"]
    found = feedback("backprop_batch", lambda _, X, W, wout, t: no_mask.answer(X[:1], W, wout, t[:1]))
    assert f"{no_mask.feedback}\nBeside that, your values are those of the first sample alone" in found


def test_whole_numbers_and_functions_are_never_altered():
    """Sizes and counts: one more digit in a number of layers is a computation without an end."""
    for exercise_id in ("unbroadcast", "vanishing_chain", "numerical_gradient"):
        made = compile_exercise(COURSE, COURSE.exercise(exercise_id))
        names = {
            name
            for check in made.key.checks
            for case in check.cases
            for name, value in zip(check.arguments, case.args, strict=False)
            if not isinstance(unpack(value), np.ndarray | float | np.floating)
        }
        told = [each.sentence.splitlines()[-1] for each in alterations(made, made.key, exercise_id)]
        assert not [sentence for sentence in told for name in names if f"`{name}`" in sentence]


def test_what_gives_the_right_answer_is_no_alteration():
    made = compile_exercise(COURSE, COURSE.exercise("relu_jacobian"))
    for each in alterations(made, made.key, "relu_jacobian"):
        wrong = [
            each.answers[check.name, index] != case.expected
            for check in made.key.checks
            for index, case in enumerate(check.cases)
            if (check.name, index) in each.answers
        ]
        assert any(wrong)
