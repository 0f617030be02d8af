"""The facts about a wrong value: true, in words, and nothing hidden in a hidden check."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judging.answer_key import CaseKey
from grader.judging.compare import arranged, compare
from grader.judging.facts import argument_shown, describe, dimensions, shown
from grader.wire.values import Code, List, Nothing, Opaque, Text, Tuple, pack

if TYPE_CHECKING:
    from grader.wire.values import Value


J = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
HIDDEN = frozenset({1, 2, 3})


def facts(expected: Any, got: Any, dims: frozenset[int] | None = None) -> str:
    """The sentence on a value; a plain one of `grader.wire.values` is taken as it is."""
    plain = got if isinstance(got, Nothing | Opaque | Text | Tuple | List | Code) else pack(got)
    mismatch = compare(pack(expected), plain)
    if mismatch is None:
        pytest.fail("the values are equal")
    return describe(mismatch, dims)


# --- the facts

NAMED = ("dX", "dW", "db")
ASKED = (J, J, J[0])


@pytest.mark.parametrize("expected", [ASKED, dict(zip(NAMED, ASKED, strict=True))])
@pytest.mark.parametrize(("got", "public", "hidden"), [
    ({"dX": J, "dw": J, "db": J[0]}, "returned a dict without 'dW', but with 'dw'; asked were dX, dW, db",
     "returned a dict without 'dW'; asked were dX, dW, db"),
    ((J, J), "returned 2 values, asked were 3: dX, dW, db", "returned fewer values, asked were 3: dX, dW, db"),
    ((J, J, J, 1.0), "returned 4 values, asked were 3: dX, dW, db", "returned more values, asked were 3: dX, dW, db"),
    (J, "returned an array, asked were 3: dX, dW, db", None),
    (1.0, "returned a single number, asked were 3: dX, dW, db", None),
])  # fmt: skip
def test_other_parts_than_the_ones_asked_are_told_by_the_names_of_those(expected, got, public, hidden):
    mismatch = compare(pack(expected), arranged(pack(expected), NAMED, pack(got)))
    if mismatch is None:
        pytest.fail("the values are equal")
    assert describe(mismatch, None, NAMED) == public
    assert describe(mismatch, frozenset([2, 3]), NAMED) == (hidden or public)


@pytest.mark.parametrize("expected", [ASKED, dict(zip(NAMED, ASKED, strict=True))])
def test_a_wrong_part_goes_by_its_name_in_whatever_form_it_came(expected):
    for got in (dict(zip(NAMED, (J, J, J[0] + 1), strict=True)), (J, J, J[0] + 1), [J, J, J[0] + 1]):
        mismatch = compare(pack(expected), arranged(pack(expected), NAMED, pack(got)))
        assert mismatch is not None
        assert describe(mismatch, frozenset([2, 3]), NAMED) == "the shape is right, the values in db are not"


PUBLIC_AND_HIDDEN = [
    (J, None, "returned None: a `return` is missing, or returns nothing", None),
    ((J, J), (J, None), "returned None in result[1]", None),
    ({"dW": J}, {"dW": None}, "returned None in result['dW']", None),
    (J, "no", "returned a string, asked was an array", None),
    (2.0, Opaque("set"), "returned an object of type set, asked was a single number", None),
    (J, Opaque("Mine"), "returned an object that is not an array, asked was an array", None),
    ("yes", J, "returned an array, asked was a string", None),
    ({"dW": J}, J, "returned an array, asked was a dict", None),
    ((J, J), {"a": J}, "returned a dict, asked were 2 values",
     "returned several values in another form than the one asked, 2 values"),
    ((J, J), (J, J, J), "returned 3 values, asked were 2 values",
     "returned several values in another form than the one asked, 2 values"),
    (J, (J, 1.0), "returned 2 values, asked was an array",
     "returned several values in another form than the one asked, an array"),
    ({"dW": J, "db": J}, {"dW": J, "mine": J}, "returned a dict without 'db', but with 'mine'; asked were dW, db",
     "returned a dict without 'db'; asked were dW, db"),
    ({"dW": J, "db": J}, {"dW": J, "db": J, "mine": J}, "returned a dict with more in it than was asked: 'mine'; asked were dW, db",
     "returned a dict with more in it than was asked; asked were dW, db"),
    (J, J.T, "returned shape (3, 2), asked was (2, 3)", None),
    (J, J[None], "returned shape (1, 2, 3), asked was (2, 3)", None),
    (J, np.zeros((7, 3)), "returned shape (7, 3), asked was (2, 3)",
     "returned another shape than the one asked, (2, 3)"),
    (J, np.zeros((1, 1, 1, 1)), "returned shape (1, 1, 1, 1), asked was (2, 3)",
     "returned another shape than the one asked, (2, 3)"),
    ((J, J), (J, J[0]), "returned shape (3,) in result[1], asked was (2, 3)", None),
    (J, J + 1j, "returned complex numbers, asked were floating-point numbers", None),
    (J > 2, J + 0j, "returned complex numbers, asked were booleans", None),
    (np.array([1, 2]), np.array([1.0, 2.0]), "returned floating-point numbers, asked were integers", None),
    (np.array([1.0, 2.0]), np.array([1.0, np.inf]), ("returned nan or inf where the right value is finite: "
     "at [1] returned inf, expected 2.0 (1 of 2 entries differ)"), "returned nan or inf where the right value is finite"),
    (2.0, math.nan, "returned nan or inf where the right value is finite: returned nan, expected 2.0",
     "returned nan or inf where the right value is finite"),
    (J, J + np.eye(2, 3), ("the shape is right, the values are not: at [0, 0] returned 2.0, expected 1.0; "
     "at [1, 1] returned 6.0, expected 5.0 (2 of 6 entries differ)"), "the shape is right, the values are not"),
    (J, -J, ("the shape is right, the values are not: at [0, 0] returned -1.0, expected 1.0; at [0, 1] returned -2.0, "
     "expected 2.0; at [0, 2] returned -3.0, expected 3.0 (6 of 6 entries differ)"),
     "the shape is right, the values are not"),
    ((J, 2.0), (J, 3.0), "the value in result[1] is wrong: returned 3.0, expected 2.0",
     "the value in result[1] is wrong"),
    ("yes", "no", "the answer is not the right one: returned 'no', expected 'yes'", "the answer is not the right one"),
    (2e-9, 0.0, "returned 0 where the right value is tiny, but not 0: returned 0.0, expected 2e-09",
     "returned 0 where the right value is tiny, but not 0"),
    (np.array([0.25, 2e-9]), np.array([0.25, 0]), ("returned 0 where the right value is tiny, but not 0: "
     "at [1] returned 0.0, expected 2e-09 (1 of 2 entries differ)"),
     "returned 0 where the right value is tiny, but not 0"),
    (np.array([0.25, 2e-9]), np.zeros(2), ("the shape is right, the values are not: at [0] returned 0.0, "
     "expected 0.25; at [1] returned 0.0, expected 2e-09 (2 of 2 entries differ)"),
     "the shape is right, the values are not"),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "got", "public", "hidden"), PUBLIC_AND_HIDDEN)
def test_a_wrong_value_is_told_with_its_entries_in_public_and_without_them_where_hidden(expected, got, public, hidden):
    assert facts(expected, got) == public
    assert facts(expected, got, HIDDEN) == (hidden or public)


@given(shape=st.lists(st.integers(0, 9), max_size=4).map(tuple), secret=st.floats(1e3, 1e4), told=st.floats(-1e4, -1e3))
def test_a_hidden_sentence_holds_neither_an_expected_nor_a_returned_number(shape, secret, told):
    """Sizes are told only where they are sizes of the case itself, and an axis more at most."""
    sentence = facts(np.full((2, 3), secret), np.full(shape, told), HIDDEN)
    assert repr(secret) not in sentence
    assert repr(told) not in sentence
    if shape != (2, 3):
        assert (f"returned shape {shape}" in sentence) == (set(shape) <= HIDDEN and len(shape) <= 3)


def test_the_dimensions_of_a_case_are_those_of_all_its_arrays():
    """Arguments in lists, too; and 1, which any array can have."""
    assert dimensions(CaseKey((pack([np.zeros((4, 5)), np.zeros(6)]), pack(3)), pack((np.zeros((7, 2)), 1.0)))) == {
        1,
        2,
        4,
        5,
        6,
        7,
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (pack(2.5), "2.5"),
        (pack(np.array([[1.0, 2.0], [3.0, 4.0]])), "[[1., 2.], [3., 4.]]"),
        (pack(np.arange(100)), "[ 0,  1,  2, ..., 97, 98, 99]"),
        (pack("x" * 200), repr("x" * 80)),
        (pack((1.0, "a")), "(1.0, 'a')"),
        (pack((3,)), "(3,)"),
        (pack([3]), "[3]"),
        (pack({"k": 1}), "{'k': 1}"),
        (Nothing(), "None"),
        (Opaque("set"), "an object of type set"),
        (Opaque("Secret"), "an object that is not an array"),
        (Code("def f(x): return x"), "a function"),
    ],
)
def test_a_value_is_shown_as_python_would_and_shortened(value, text):
    assert shown(value) == text


@pytest.mark.slow
@pytest.mark.parametrize(
    "value",
    [
        np.zeros((6,) * 9, bool),
        np.zeros((2,) * 20),
        np.zeros((6,) * 7, np.complex128),
        tuple(np.zeros((6, 6, 6)) for _ in range(4000)),
        {"k" * 10**6 + str(i): (np.zeros(300),) * 20 for i in range(20)},
    ],
)
def test_a_value_of_any_size_is_shown_at_once(value):
    """Axes of six entries or fewer, which numpy never shortens, many parts, long keys."""
    plain = pack(value)
    began = time.process_time()
    assert len(shown(plain)) < 200_000
    assert time.process_time() - began < 5
    if isinstance(value, np.ndarray):
        assert shown(plain).endswith(f", ...] of shape {value.shape}")


VALUES: list[Value] = [pack(J), pack(2.0), pack((J, 2.0)), pack({"dW": J}), pack("x"), Nothing(), Opaque("x"), List(())]


@pytest.mark.parametrize("expected", VALUES[:5])
@pytest.mark.parametrize("got", VALUES)
@pytest.mark.parametrize("dims", [None, HIDDEN])
def test_every_sentence_starts_in_lower_case_and_ends_without_a_full_stop(expected, got, dims):
    mismatch = compare(expected, got)
    if mismatch is None:
        assert expected == got
        return
    sentence = describe(mismatch, dims)
    assert sentence[0].islower()
    assert not sentence.endswith(".")


# --- arguments, and what a check makes of an answer


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ('def f(x: "Array") -> float:\n    """Cubes."""\n    return np.sum(x**3)\n', "lambda x: np.sum(x**3)"),
        ("def f(x, n=2):\n    return x**n\n", "lambda x, n: x**n"),
        ("def f(x):\n    y = 2 * x\n\n    return y * y\n", "f, which is: y = 2 * x; return y * y"),
        ("def f(x:\n", "a function"),
        ("f = 3", "a function"),
        ("def f(x):\n    return x" + " + x" * 500, "a function"),
    ],
)
def test_a_function_that_is_an_argument_is_shown_so_that_the_call_can_be_repeated(source, text):
    assert argument_shown(Code(source)) == text
    assert argument_shown(pack(2.5)) == "2.5"


def test_an_answer_that_is_a_shape_is_called_no_array():
    assert facts((1, 3), (2, 3)) == "the value is wrong: returned (2, 3), expected (1, 3)"
    assert facts((1, 3), (2, 3), HIDDEN) == "the value is wrong"
    assert facts((1, 3), (2,)) == "returned 1 value, asked were 2 values"


def test_of_what_a_check_makes_of_an_answer_no_inside_is_told():
    """A dict of a driver's own, for one: the student returned an array."""
    for got, told in (
        ({"dtype": "float32", "values": J}, "returned float32, asked was float64"),
        ({"dtype": "my secret", "values": J}, "the answer is not the right one"),
        ({"dtype": "float64", "values": 2 * J}, "the shape is right, the values are not"),
    ):
        mismatch = compare(pack({"dtype": "float64", "values": J}), pack(got))
        assert mismatch
        assert describe(mismatch, HIDDEN, driven=True) == told


@pytest.mark.parametrize(
    ("got", "told"),
    [
        ("(2, 3)", "(2, 3)"),
        ("()", "()"),
        ("(2,)", "(2,)"),
        ("(n, m)", "'(n, m)'"),
        ("(2, 3", "'(2, 3'"),
        ("(2)", "'(2)'"),
    ],
)
def test_of_a_driven_check_a_shape_that_was_made_text_is_shown_as_one(got, told):
    mismatch = compare(Text("(3, 2)"), Text(got))
    assert mismatch is not None
    assert describe(mismatch, driven=True) == f"the answer is not the right one: returned {told}, expected (3, 2)"
    assert describe(mismatch) == f"the answer is not the right one: returned '{got}', expected '(3, 2)'"
