"""The course itself: every exercise is proven, teaches, and is worth what it should be."""

from __future__ import annotations

import ast
import inspect
import re
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from numpy.random import default_rng

from grader.building.compiler import compile_exercise, load_module
from grader.course.checks import Check
from grader.verify.steps import wrong_steps
from grader.verify.verify import verify
from marks import needs_torch
from repository import ROOT, course_here

if TYPE_CHECKING:
    from grader.judging.answer_key import AnswerKey

COURSE = course_here()
WRITTEN = ("the_form_that_is_asked", "right_statement", "reason_in_words")
SYLLABUS = (ROOT / "docs" / "syllabus.md").read_text(encoding="utf-8")
EXERCISES = pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(exercise, id=exercise.id, marks=needs_torch if exercise.framework == "torch" else ())
        for exercise in COURSE.exercises()
    ],
)

NO_ORACLE = {
    "predict_jacobian_shapes": "an answer in integers",
    "sigmoid_stable": "a value, not a derivative",
    "sigmoid_saturation_written": "a written answer",
    "dead_relu_input": "a constructed answer, judged by a property",
    "dead_units": "flags",
    "jacobian_product_written": "a written answer",
    "compact_form_counterexample": "a constructed answer, judged by a property",
    "linear_function_torch": "autograd itself; torch's gradcheck is in test_torch_exercise.py",
    "numerical_gradient": "a difference, not a derivative",
    "relative_error": "a number of its own",
    "gradcheck": "a verdict, and constructed answers",
}
NO_DIFFERENCES = NO_ORACLE.keys() | {
    "derivative_shapes",  # shapes
    "backprop_shapes",  # shapes
    "broadcast_as_matmul",  # a product written another way
    "denominator_layout_chain",  # the same products as jacobian_chain, in the other order
    "sgd_step_linear",  # a step, not a derivative
    "layer_gradient_norms",  # lengths of derivatives
    "train",  # the losses of a run
    "newton_step",  # a step
    "adam_step",  # a step
    "accumulated_gradients",  # steps, and a sum
    "value_engine",  # a class, whose values its drivers make
}

FIRST = {assignment.exercises[0].id for assignment in COURSE.assignments}
"""The first of each assignment is proven with each change, all others by `make test-slow`."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "exercise",
    [each if each.id in FIRST else pytest.param(each, marks=pytest.mark.long) for each in COURSE.exercises()],
    ids=[each.id for each in COURSE.exercises()],
)
def test_the_exercise_is_proven(exercise) -> None:
    """Reference, stub, misconceptions, every mutant, inputs, texts, current stub: no fault; and independent evidence."""
    (found,) = verify(COURSE, [exercise], jobs=2)
    assert (found.result, found.faults) == ("proven", ())
    assert found.mutants == found.rejected + found.equivalent > 0
    assert (found.oracle is None) == (exercise.id in NO_ORACLE)
    assert (found.differences is None) == (exercise.id in NO_DIFFERENCES)


@pytest.mark.slow
@EXERCISES
def test_the_exercise_teaches(exercise) -> None:
    """A task with a title, a number to do on paper, a public example, two or three hints, and a typed signature."""
    tree = ast.parse(COURSE.stub(exercise).read_text(encoding="utf-8"))
    task = ast.get_docstring(tree) or ""
    assert re.match(r"# \w", task)
    assert (
        re.search(r"on paper", task, re.IGNORECASE)
        or "written" in exercise.id
        or exercise.id.endswith("counterexample")
    )
    key = compile_exercise(COURSE, exercise).key
    assert any(check.public for check in key.checks)
    assert any(not check.public and check.points for check in key.checks)
    assert sum(check.points for check in key.checks if check.public) <= 1  # what is shown is worth little
    assert 2 <= len(key.hints) <= 3
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    assert set(key.functions) <= set(functions)
    for function in functions.values():
        if isinstance(function, ast.FunctionDef):
            assert function.returns is not None
            assert all(argument.annotation is not None for argument in function.args.args)


@EXERCISES
def test_the_exercise_has_a_derivation_whose_steps_are_true(exercise) -> None:
    """From the definition to the code, with the usual mistake; what Python can show of it is code in Markdown, and right."""
    derivation = inspect.cleandoc(load_module(COURSE.checks(exercise)).derivation)
    assert "The usual mistake" in derivation
    assert re.search(r"^    >>> ", derivation, re.MULTILINE)
    assert not re.search(r"^ {0,3}>>>", derivation, re.MULTILINE)
    assert wrong_steps(derivation, vars(load_module(COURSE.reference(exercise)))) == ()


@needs_torch
def test_every_written_answer_has_one_form_and_a_rubric_of_three_lines() -> None:
    """A letter and a reason: the drivers and judges of solutions/written.py, whose checks have the same names.

    Where a number is the point, it stands in the words, for several inputs.
    """
    written, numbered = {}, []
    for exercise in COURSE.exercises():
        module = load_module(COURSE.checks(exercise))
        checks = {thing.name: thing for thing in vars(module).values() if isinstance(thing, Check)}
        if any(thing.keep for thing in checks.values()):
            written[exercise.id] = module.rubric
            ways = [(checks[name].driver, checks[name].judge) for name in WRITTEN]
            named = [tuple(way.__name__ for way in pair if way) for pair in ways]
            assert named == [("form", "is_complete"), ("choice",), ("why", "has_words")]
            cases = [
                [*thing.cases(default_rng(1))]
                for thing in checks.values()
                if getattr(thing.driver, "__name__", "") == "numbers"
            ]
            numbered += [exercise.id] * any(len(inputs) == len({*inputs}) >= 4 for inputs in cases)
    assert len(written) == 4
    assert numbered == ["sigmoid_saturation_written", "vanishing_chain"]
    assert {len(rubric) for rubric in written.values()} == {3}
    assert all(
        line.startswith(("Says", "Names", "Tells")) and "\n" not in line
        for rubric in written.values()
        for line in rubric
    )


def test_no_assignment_asks_for_more_than_three_hours() -> None:
    """By the estimates in course.yml; every exercise has one, and assignments are due one after the other, a week apart or more."""
    assert [exercise.id for exercise in COURSE.exercises() if not exercise.minutes] == []
    load = {each.id: sum(exercise.minutes for exercise in each.exercises) for each in COURSE.assignments}
    assert {name: minutes for name, minutes in load.items() if minutes > 180} == {}
    due = [each.due for each in COURSE.assignments if each.due and not each.optional]
    assert all(later - earlier >= timedelta(days=6, hours=23) for earlier, later in pairwise(due))


@pytest.fixture(scope="module")
def keys() -> dict[str, AnswerKey]:
    """Every exercise's, by its id, in the course's order."""
    return {exercise.id: compile_exercise(COURSE, exercise).key for exercise in COURSE.exercises()}


@pytest.mark.slow
@needs_torch
def test_the_syllabus_counts_what_the_course_has(keys: dict[str, AnswerKey]) -> None:
    """How many exercises and points there are, for the course, each assignment and each exercise, in the course's order."""
    worth = {
        assignment.id: {exercise.id: keys[exercise.id].points for exercise in assignment.exercises}
        for assignment in COURSE.assignments
    }
    total = sum(sum(points.values()) for points in worth.values())
    assert f"{len(COURSE.exercises())} exercises, {total:g} points." in SYLLABUS
    counted = re.findall(r"^## (\w+): .* \((\S+) points\)$", SYLLABUS, re.MULTILINE)
    assert counted == [(name, f"{sum(points.values()):g}") for name, points in worth.items()]
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \|", SYLLABUS, re.MULTILINE)
    assert rows == [(name, f"{points:g}") for exercises in worth.values() for name, points in exercises.items()]


@pytest.mark.slow
@needs_torch
def test_the_syllabus_counts_the_points_of_each_theme(keys: dict[str, AnswerKey]) -> None:
    """Each exercise in one theme at most, the others counted together; the shapes in the chain rule are worth 20 points or more."""
    *themes, rest = re.findall(r"^\| (\w[\w -]*) \| (\d+) \| (.*) \|$", SYLLABUS, re.MULTILINE)
    named = {theme: re.findall(r"`(\w+)`", exercises) for theme, _, exercises in themes}
    worth = {theme: sum(keys[name].points for name in exercises) for theme, exercises in named.items()}
    assert [points for _, points, _ in themes] == [f"{points:g}" for points in worth.values()]
    once = [name for exercises in named.values() for name in exercises]
    assert len(once) == len(set(once))
    others = [key.points for name, key in keys.items() if name not in once]
    assert rest == ("everything else", f"{sum(others):g}", f"the other {len(others)}")
    assert len(themes) == 5
    assert worth["shapes in the chain rule"] >= 20


@pytest.mark.slow
@needs_torch
def test_the_syllabus_names_every_exercise_and_every_misconception_it_maps_to(keys: dict[str, AnswerKey]) -> None:
    """Each exercise has its place in docs/syllabus.md, and each `exercise: misconception` that it names exists."""
    assert [name for name in keys if f"`{name}`" not in SYLLABUS] == []
    named = set(re.findall(r"`([A-Za-z_]+)`", SYLLABUS))
    known = set(keys) | {name for key in keys.values() for name in key.misconceptions}
    assert {name for name in named if "_" in name} <= known | {
        check.name for key in keys.values() for check in key.checks
    }
