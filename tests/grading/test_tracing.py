"""The arrays in a student's function on a public example: found by a second run, in the child, with real programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.course.course_yml import load_course
from grader.grading.attempt import attempt
from grader.grading.keys import Keys
from grader.grading.pool import Pool
from grader.grading.tracing import arrays_by_check
from grader.submissions.program import source_of_cells
from grader.wire.messages import Chunk
from repository import EXERCISES

if TYPE_CHECKING:
    from grader.grading.pool import Bench

COURSE = load_course(EXERCISES)
KEYS = Keys(COURSE, shipped=True)
LAYER = """\
import numpy as np
def relu_layer_jacobian(W, b, x):
    print("twice")
    z = W @ x + b
    for scale in (1, 2):
        gate = (z > 0)[:, None] * scale
    gate = gate[:, 0]
    return gate * W{end}
"""


@pytest.fixture(scope="module")
def bench():
    with Pool() as pool, pool.bench() as bench:
        yield bench


def traced(bench: Bench, name: str, source: str) -> list[tuple[str, int, str, str]]:
    exercise = COURSE.exercise(name)
    key = KEYS.of(exercise)
    found = attempt(bench, exercise, key, source_of_cells([Chunk(f"{name}.py", source)], name, alone=True), {}, None)
    arrays = arrays_by_check(bench, exercise, key, found)
    return [(each.name, each.line, each.shape, each.dtype) for each in next(iter(arrays.values()), ())]


@pytest.mark.slow
def test_each_name_has_its_line_its_shape_and_its_type(bench):
    """The arguments, what a loop binds once for each line, and what is returned; up to the line that raises, where one does."""
    whole = traced(bench, "relu_layer_jacobian", LAYER.format(end="[:, :1]"))
    assert [each[:2] for each in whole] == [
        ("W", 2), ("b", 2), ("x", 2), ("z", 4), ("gate", 6), ("gate", 7), ("return", 8)
    ]  # fmt: skip
    assert {each[3] for each in whole[:4]} == {"float64"}
    raised = traced(bench, "relu_layer_jacobian", LAYER.format(end=" @ undefined"))
    assert raised == whole[:-1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    ["while True: pass", "import sys; sys.settrace(None); return W", "raise SystemExit", "return relu_layer_jacobian(W, b, x)",
     "import os; os._exit(0)"],
)  # fmt: skip
def test_a_program_that_does_not_take_part_costs_the_remark_alone(bench, body):
    """One that ends, hangs, calls itself or turns the tracing off."""
    found = traced(bench, "relu_layer_jacobian", f"import numpy as np\ndef relu_layer_jacobian(W, b, x):\n    {body}\n")
    assert [each[0] for each in found] in ([], ["W", "b", "x"], ["W", "b", "x", "return"])


@pytest.mark.slow
def test_a_check_whose_driver_makes_the_call_is_traced_as_well(bench):
    source = "import numpy as np\ndef dead_relu_input(W, b):\n    x = np.zeros(W.shape[1])\n    return x, W[None]\n"
    assert [each[0] for each in traced(bench, "dead_relu_input", source)][:3] == ["W", "b", "x"]
