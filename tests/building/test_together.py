"""Which cases may be sent at once: a program that reads ahead must find no answer."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from grader.building.together import tell_nothing_of_each_other
from grader.judging.answer_key import CaseKey
from grader.wire.values import Code, pack


def case(expected: Any, *args: Any) -> CaseKey:
    return CaseKey(tuple(each if isinstance(each, Code) else pack(each) for each in args), pack(expected))


JACOBIAN = np.array([[2.5, 0.0, -7.25], [0.5, 3.0, 1.0]])


@pytest.mark.parametrize(
    "held",
    [
        JACOBIAN, -JACOBIAN, JACOBIAN.T, JACOBIAN.ravel().tolist(), np.hstack([JACOBIAN, JACOBIAN * 3]), {"J": JACOBIAN.astype(np.float32)},
        (1.0, (JACOBIAN * (1 + 0j), "text")),
    ],
    ids=["itself", "negative", "transposed", "a list", "a part", "named", "complex"],
)  # fmt: skip
def test_an_answer_among_the_inputs_of_another_case_keeps_them_apart(held: Any) -> None:
    """Before or after it; alone or as one part of an answer."""
    for answer in (JACOBIAN, (4.75, JACOBIAN), {"loss": 4.75, "J": JACOBIAN}):
        cases = [case(answer, np.ones(3)), case(9.125, held)]
        assert not tell_nothing_of_each_other(cases)
        assert not tell_nothing_of_each_other(cases[::-1])
        assert tell_nothing_of_each_other([case(answer, held), case(9.125, np.ones(3))])


def test_zeros_and_ones_are_found_where_they_stand_as_they_are() -> None:
    """A mask is an answer, too; but nearly every array has some zero in it."""
    mask = np.array([1.0, 0.0, 1.0])
    assert not tell_nothing_of_each_other([case(mask, np.full(3, 2.5)), case(9.125, mask)])
    assert tell_nothing_of_each_other([case(mask, np.full(3, 2.5)), case(9.125, np.eye(3))])


def test_of_functions_nobody_can_tell() -> None:
    assert not tell_nothing_of_each_other([case(2.5, Code("def f(x):\n    return 2.5\n"))])


@given(st.lists(arrays(float, (2, 2), elements=st.floats(2, 3)), min_size=1, max_size=4), st.randoms())
def test_what_is_held_is_found_in_any_order_and_with_any_sign(parts: list[np.ndarray], random: Any) -> None:
    flat = np.concatenate(parts).ravel()
    order = list(range(flat.size))
    random.shuffle(order)
    signs = np.array([random.choice([-1.0, 1.0]) for _ in order])
    assert not tell_nothing_of_each_other([case(tuple(parts), 0.5), case(9.125, flat[order] * signs)])
