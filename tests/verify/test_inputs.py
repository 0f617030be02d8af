"""Faults of an author's inputs."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.verify.inputs import drawn_anew, never_public, of_one_size
from grader.wire.values import pack


def key(*cases: tuple[object, ...], public: bool = True, expected: float = 1.0) -> AnswerKey:
    """A key with one check of f(X, t)."""
    made = tuple(CaseKey(tuple(map(pack, case)), pack(expected)) for case in cases)
    check = CheckKey(
        name="sizes", claim="c", public=public, function="f", points=1.0, parts={}, readonly=False, strict=False, judge="",
        driver="", keep=False, arguments=("X", "t"), cases=made,
    )  # fmt: skip
    return AnswerKey(exercise="f", misconceptions={}, hints=(), checks=(check,))


def test_what_is_drawn_anew_is_found_by_its_check() -> None:
    """Other inputs, or other answers to the same ones."""
    one = key((1.0, 2.0))
    assert not list(drawn_anew(one, key((1.0, 2.0))))
    (fault,) = drawn_anew(one, key((1.0, 3.0)))
    assert fault.startswith("check 'sizes' draws other inputs each time: draw from the `rng` that it is given")
    (fault,) = drawn_anew(one, key((1.0, 2.0), expected=2.0))
    assert fault.startswith("the reference or a misconception answers 'sizes' in another way each time")


def test_an_exercise_without_a_public_check_is_found() -> None:
    assert list(never_public(key((1.0, 2.0), public=False)))
    assert not list(never_public(key((1.0, 2.0))))


@pytest.mark.parametrize(
    "task",
    ["`X` has shape (N, D), `t` (N,).", "- `X` is an array of\n  shape (N, D); `t` has shape (N,)."],
)
def test_one_size_where_the_task_has_a_letter_is_found(task: str) -> None:
    """Each axis by itself; where the sizes differ between cases there is none."""
    same, other = ((np.ones((n, 4)), np.ones(n)) for n in (2, 3))
    assert list(of_one_size(key(same, other), task)) == [
        "`X` has D = 4 in all cases: an answer that takes D for 4 would pass"
    ]
    assert not list(of_one_size(key(same, (np.ones((3, 5)), np.ones(3))), task))
    assert len(list(of_one_size(key(same, same), task))) == 3


def test_a_number_in_a_shape_and_a_shape_that_is_not_stated_are_no_letters() -> None:
    case = (np.ones((2, 4)), 1.0)
    assert not list(of_one_size(key(case), "`X` has shape (2, 4); `t` is a float (N or so)."))
    assert not list(of_one_size(key(case), "Return J(N, D)."))
    assert not list(of_one_size(msgspec.structs.replace(key(case), checks=()), "`X` has shape (N, D)."))


def test_an_argument_of_one_entry_alone_is_found() -> None:
    """Where the task says nothing of its shape: there a sum is as right as what is asked for."""
    one, more = (np.ones(1), 2.0), (np.ones(3), 2.0)
    (fault,) = of_one_size(key(one, one), "Return X.")
    assert fault.startswith("`X` has one entry in all cases")
    assert not list(of_one_size(key(one, more), "Return X."))
    assert not list(of_one_size(key(one), "`X` has shape (1,)."))
