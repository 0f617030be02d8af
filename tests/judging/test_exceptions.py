"""What a student is told of an exception: what to do about it, and nothing that a message could carry."""

from __future__ import annotations

import functools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judging.answer_key import CaseKey, CheckKey
from grader.judging.exceptions import is_stub, raised, withheld
from grader.judging.own_words import Program
from grader.wire import messages as wire
from grader.wire.values import pack

HIDDEN = CheckKey(
    name="a_check", claim="claims", public=False, function="f", points=1.0, parts={}, readonly=False, strict=False,
    judge="", driver="", keep=False, arguments=("z",), cases=(),
)  # fmt: skip
ARRAY = np.array([1.0, 2.0])


def if_of_an_array():
    return 1.0 if ARRAY > 0 else 0.0


def math_of_an_array():
    return math.exp(ARRAY)


def index_of_a_number():
    number: object = 1.0
    return number[0]  # type: ignore[index]


def length_of_a_number():
    return len(1.0)  # type: ignore[arg-type]


def shape_of_a_number():
    return (1.0).shape  # type: ignore[attr-defined]


def array_as_a_key():
    return functools.lru_cache(np.sum)(np.ones(2))  # type: ignore[arg-type]


def entry_set_in_a_number():
    number: object = 1.0
    number[0] = 2.0  # type: ignore[index]


def number_out_of_range():
    return math.exp(1000)


def diagonal_of_a_number():
    np.diag(np.float64(2.0))


def division_by_zero():
    return 1.0 / float(0)


NOTHING: Any = None
"""What a function gives that has no `return`."""


def sum_with_none():
    return ARRAY + NOTHING


def entry_of_none():
    return NOTHING[0]


def parts_of_none():
    _, _ = NOTHING


def shape_of_none():
    return NOTHING.shape


TOLD = {
    if_of_an_array: "np.where, a mask",
    math_of_an_array: "use those of numpy",
    index_of_a_number: "a single number, which has no index",
    length_of_a_number: "a single number, which has no length",
    shape_of_a_number: "where an array is meant, np.asarray makes one of it",
    array_as_a_key: "neither `functools.lru_cache` nor a set or a dict takes one",
    entry_set_in_a_number: "a single number, which has no index",
    number_out_of_range: "stop at 1.8e308",
    diagonal_of_a_number: "what shape has its argument",
    division_by_zero: "which input makes the denominator 0?",
    **dict.fromkeys((sum_with_none, entry_of_none, parts_of_none, shape_of_none), "is a `return` missing"),
}


@pytest.mark.parametrize("mistake", TOLD, ids=lambda mistake: mistake.__name__)
def test_an_exception_that_many_meet_is_told_with_what_to_do(mistake):
    """In the words of this Python, which are those that a student's code meets."""
    with pytest.raises(Exception) as caught:  # noqa: PT011
        mistake()
    sentence = raised(wire.Raised(type(caught.value).__name__, str(caught.value), "f.py", 3), HIDDEN)
    assert sentence.startswith(f"raised {type(caught.value).__name__} at f.py, line 3; ")
    assert TOLD[mistake] in sentence


@given(
    st.sampled_from(["ValueError", "TypeError", "AttributeError", "OverflowError"]),
    st.sampled_from(["", "truth value of an array ", "object is not subscriptable "]),
    st.integers(10**6, 10**9),
)
def test_of_a_hidden_check_nothing_of_a_message_is_told(kind, words, secret):
    """What to do is one of a few sentences, whatever stands beside the words that it goes by."""
    sentence = raised(wire.Raised(kind, f"{words}{secret}", "f.py", 3), HIDDEN)
    assert sentence == raised(wire.Raised(kind, words, "f.py", 3), HIDDEN)
    assert str(secret) not in sentence


@pytest.mark.slow
@pytest.mark.parametrize(
    "methods", [{}, {"forward": staticmethod(lambda _, x: x * 2)}], ids=["neither", "forward alone"]
)
@pytest.mark.parametrize("public", [False, True])
def test_a_method_that_torch_calls_and_does_not_find_is_no_stub(methods, public):
    """It raises what stubs raise; whoever has misspelt a name has tried, and is told which names there are."""
    torch = pytest.importorskip("torch")
    function: Any = type("f", (torch.autograd.Function,), methods)
    with pytest.raises(NotImplementedError) as caught:
        function.apply(torch.ones(1, requires_grad=True)).sum().backward()
    source = Program.of((wire.Chunk("f.py", "class f: pass"),))
    outcome = withheld(wire.Raised("NotImplementedError", str(caught.value)), source, public=public)
    assert isinstance(outcome, wire.Raised)
    assert not is_stub(outcome)
    assert "it calls `forward` and `backward`, by these names" in raised(outcome, HIDDEN)
    assert is_stub(withheld(wire.Raised("NotImplementedError", "", "f.py", 1), source, public=public))


@pytest.mark.parametrize(("dtype", "told"), [("float32", " for float32 inputs"), ("float64", "")])
def test_an_overflow_of_float32_alone_is_told_as_that(dtype, told):
    case = CaseKey((pack(np.array([300.0], dtype)), pack(2)), pack(np.array([1.0])))
    sentence = raised(wire.Raised("FloatingPointError", "", "a.py", 3), HIDDEN, case)
    assert (
        sentence
        == f"an intermediate result overflows or is undefined at a.py, line 3{told}, although the right answer is finite"
    )
