"""The cell with the public examples: plain Python that passes right answers, raises for wrong ones, and reads safely."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from grader.building.compiler import compile_exercise
from grader.building.examples import examples_cell, examples_function, literal
from grader.building.public import public_key
from grader.wire.values import pack, unpack
from marks import needs_torch
from repository import course_here

WHOLE = course_here()
NAMES = ["sigmoid_grad", "dead_relu_input", "backprop_batch", "predict_jacobian_shapes", "jacobian_product_written"]
numbers = st.one_of(
    st.booleans(), st.integers(-(2**60), 2**60), st.floats(), st.complex_numbers(allow_nan=False, allow_infinity=False)
)
texts = st.text()
values = st.recursive(
    st.one_of(numbers, texts),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=3).map(tuple), st.dictionaries(texts, inner, max_size=3)
    ),
    max_leaves=6,
)


def cell_of(name: str) -> str:
    exercise = WHOLE.exercise(name)
    return examples_cell(public_key(compile_exercise(WHOLE, exercise)), torch=exercise.framework == "torch")


@pytest.mark.slow
@pytest.mark.parametrize(
    "exercise",
    [
        pytest.param(exercise, id=exercise.id, marks=[needs_torch] if exercise.framework == "torch" else [])
        for exercise in WHOLE.exercises()
    ],
)
def test_every_reference_of_the_course_passes(exercise, capsys) -> None:
    name = exercise.id
    namespace: dict[str, Any] = {}
    exec(WHOLE.reference(exercise).read_text(), namespace)  # noqa: S102
    exec(cell_of(name), namespace)  # noqa: S102
    assert capsys.readouterr().out == ""
    namespace[examples_function(name)]()
    assert "right: " in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("form", [tuple, list, lambda parts: {"dW": parts[0], "dwout": parts[1]}])
def test_named_parts_pass_in_every_form(form, capsys) -> None:
    namespace: dict[str, Any] = {}
    exec(WHOLE.reference(WHOLE.exercise("backprop_batch")).read_text(), namespace)  # noqa: S102
    reference = namespace["backprop_batch"]
    namespace["backprop_batch"] = lambda *inputs: form(reference(*inputs))
    exec(cell_of("backprop_batch"), namespace)  # noqa: S102
    namespace[examples_function("backprop_batch")]()
    assert "right: " in capsys.readouterr().out
    namespace["backprop_batch"] = lambda *inputs: {"dW": reference(*inputs)[0], "dw": reference(*inputs)[1]}
    with pytest.raises(AssertionError, match="a dict of other parts than dW, dwout"):
        namespace[examples_function("backprop_batch")]()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("wrong", [None, 0.125, "c", (1, 2), {"choice": "z"}, np.zeros((2, 2))], ids=repr)
def test_a_wrong_answer_raises(name, wrong) -> None:
    namespace: dict[str, Any] = {name: lambda *_: wrong}
    exec(cell_of(name), namespace)  # noqa: S102
    with pytest.raises((AssertionError, TypeError, KeyError, IndexError, ValueError, AttributeError)):
        namespace[examples_function(name)]()


@example(complex(-0.0, -0.0))
@given(values)
def test_a_literal_reads_back_as_the_same_value(value) -> None:
    packed = pack(value)
    again = pack(eval(literal(packed), {"np": np}))  # noqa: S307
    np.testing.assert_equal(unpack(again), unpack(packed))


@given(st.sampled_from(["f4", "f8", "i4", "u1", "?", "c16"]), st.lists(st.integers(0, 3), max_size=3))
def test_an_array_reads_back_with_its_dtype_and_shape(dtype, shape) -> None:
    packed = pack(np.ones(shape, dtype))
    read = eval(literal(packed), {"np": np})  # noqa: S307
    assert np.shape(read) == tuple(shape)
    assert shape == [] or read.dtype == np.dtype(dtype)
