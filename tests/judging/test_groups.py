"""The name of a group of wrong answers: one for the same values, whatever code and rounding they came of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.judging.groups import group_of
from grader.judging.judge import judge
from grader.wire import messages as wire
from grader.wire.values import pack

WANT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def check(*cases: CaseKey, name: str = "a_check", **properties: Any) -> CheckKey:
    defaults: dict[str, Any] = {
        "claim": "claims something", "public": False, "function": "f", "points": 1.0, "parts": {}, "readonly": False,
        "strict": False, "judge": "", "driver": "", "keep": False, "arguments": ("X",),
    }  # fmt: skip
    return CheckKey(name=name, cases=cases, **defaults | properties)


CASE = CaseKey((pack(2.0),), pack(WANT))
CHECK = check(CASE)


def group(value: Any) -> str:
    outcome = value if isinstance(value, wire.Raised | wire.Stopped) else wire.Returned(pack(value))
    return group_of("e", "f", [(CHECK, CASE, outcome)])


numbers = st.lists(st.integers(-40, 40), min_size=6, max_size=6).map(lambda values: np.array(values, float) / 4)


@given(values=numbers, ulps=st.lists(st.integers(-8, 8), min_size=6, max_size=6))
def test_the_last_bits_split_no_group(values, ulps):
    """Round numbers, which answers are made of, lie where rounding does not carry them over."""
    noisy = values * (1 + np.array(ulps) * 2.0**-52) + np.array(ulps) * 1e-16
    assert group(values.reshape(2, 3)) == group(noisy.reshape(2, 3))


@given(one=numbers, other=numbers)
def test_other_values_are_another_group(one, other):
    assert (group(one) == group(other)) == np.array_equal(one, other)


def test_what_holds_the_values_makes_no_group():
    same = [WANT * 2, (WANT * 2).tolist(), (WANT * 2).astype(np.int64), -0.0 + WANT * 2]
    assert len(set(map(group, same))) == 1
    assert group(WANT.T) != group(WANT)
    assert len({group(np.nan), group(np.inf), group(-np.inf), group(0.0), group(None), group((1.0, 2.0))}) == 6
    assert group(np.array(1 + 2j)) != group(np.array(1 + 3j))


def test_a_case_without_a_value_is_one_whatever_stopped_it():
    assert group(wire.Raised("ValueError")) == group(wire.Stopped("time")) != group(WANT)


def judged(value: Any, **wrong: Any) -> str:
    case = CaseKey((pack(WANT),), pack(WANT), {name: pack(answer) for name, answer in wrong.items()})
    key = AnswerKey(exercise="e", misconceptions=dict.fromkeys(wrong, "That is m."), hints=(), checks=(check(case),))
    outcome = value if isinstance(value, wire.Raised) else wire.Returned(pack(value))
    return judge(key, [(outcome,)]).checks[0].group


@pytest.mark.parametrize("value", [WANT, 2 * WANT, WANT.T, np.sin(WANT), wire.Raised("ValueError")])
def test_what_is_right_explained_or_no_value_is_in_no_group(value):
    assert judged(value, m=np.sin(WANT)) == ""


def test_a_wrong_answer_that_nothing_explains_is_in_a_group():
    assert judged(np.cos(WANT), m=np.sin(WANT)) == judged(np.cos(WANT)) != judged(np.cosh(WANT)) != ""


def test_for_which_inputs_values_are_right_is_no_explanation():
    rng = np.random.default_rng(0)
    cases = [CaseKey((pack(rng.normal(size=(n, 2))),), pack(rng.normal(size=3))) for n in (1, 1, 2, 3)]
    key = AnswerKey(exercise="e", misconceptions={}, hints=(), checks=(check(*cases),))
    right = [wire.Returned(case.expected) for case in cases[:2]]
    result = judge(key, [(*right, *(wire.Returned(pack(rng.normal(size=3))) for _ in range(2)))]).checks[0]
    assert "right where X has one row" in result.feedback
    assert result.group


def test_what_a_large_array_holds_far_behind_costs_nothing_and_names_nothing():
    """Of an array that is larger than any right answer only the beginning is looked at; its shape is told apart all the same."""
    large, other = np.zeros(2**17), np.zeros(2**17)
    other[-1] = 1.0
    assert group(large) == group(other)
    assert group(large) != group(large[1:])
    assert group(large) != group(large + 1.0)
