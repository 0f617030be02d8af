"""What a student is told of a wrong value: true, in words, and nothing hidden in a hidden check."""

# ruff: noqa: N803, N806  matrices have their names from the exercises: X, W, dW

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.judging.compare import arranged, compare
from grader.judging.diagnosis import describe, dimensions, shown, shows_misconception, symptoms
from grader.judging.judge import judge
from grader.wire import messages as wire
from grader.wire.values import Code, List, Nothing, Opaque, Text, Tuple, pack

if TYPE_CHECKING:
    from grader.wire.values import Value


J = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
HIDDEN = frozenset({1, 2, 3})


def case(*args: Any, expected: Any, **wrong: Any) -> CaseKey:
    """A case; a misconception that raises is given as None."""
    wrongs = {name: None if answer is None else pack(answer) for name, answer in wrong.items()}
    return CaseKey(tuple(map(pack, args)), pack(expected), wrongs)


def check(*cases: CaseKey, name: str = "a_check", **properties: Any) -> CheckKey:
    defaults: dict[str, Any] = {
        "claim": "claims something", "public": False, "function": "f", "points": 1.0, "parts": {}, "readonly": False,
        "strict": False, "judge": "", "driver": "", "keep": False, "arguments": ("X", "W"),
    }  # fmt: skip
    return CheckKey(name=name, cases=cases, **defaults | properties)


def returned(value: Any) -> wire.Returned:
    return wire.Returned(pack(value))


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
    ((J, J), (J, None), "returned None in result[1]: a `return` is missing, or returns nothing", None),
    ({"dW": J}, {"dW": None}, "returned None in result['dW']: a `return` is missing, or returns nothing", None),
    (J, "no", "returned a string, asked was an array", None),
    (2.0, Opaque("set"), "returned an object of type set, asked was a single number", None),
    (J, Opaque("Mine"), "returned an object that is not an array, asked was an array", None),
    ("yes", J, "returned an array, asked was a string", None),
    ({"dW": J}, J, "returned an array, asked was a dict", None),
    ((J, J), {"a": J}, "returned a dict, asked was 2 values",
     "returned several values in another form than the one asked, 2 values"),
    ((J, J), (J, J, J), "returned 3 values, asked was 2 values",
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
    (J > 2, J, "returned floating-point numbers, asked were booleans", None),
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
    assert dimensions(case([np.zeros((4, 5)), np.zeros(6)], 3, expected=(np.zeros((7, 2)), 1.0))) == {1, 2, 4, 5, 6, 7}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (pack(2.5), "2.5"),
        (pack(np.array([[1.0, 2.0], [3.0, 4.0]])), "[[1., 2.], [3., 4.]]"),
        (pack(np.arange(100)), "[ 0,  1,  2, ..., 97, 98, 99]"),
        (pack("x" * 200), repr("x" * 80)),
        (pack((1.0, "a")), "(1.0, 'a')"),
        (pack({"k": 1}), "{'k': 1}"),
        (Nothing(), "None"),
        (Opaque("set"), "an object of type set"),
        (Opaque("Secret"), "an object that is not an array"),
        (Code("def f(x): return x"), "a function"),
    ],
)
def test_a_value_is_shown_as_python_would_and_shortened(value, text):
    assert shown(value) == text


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


# --- misconceptions


def shows(*answered: tuple[CaseKey, wire.Outcome | None], **part: Any) -> bool:
    return shows_misconception("m", answered, **part)


SEPARATING = case(2.0, expected=4.0, m=5.0)
ALIKE = case(1.0, expected=1.0)
RAISING = case(3.0, expected=9.0, m=None)
RAISED = wire.Raised("ValueError")
OVERFLOW = wire.Raised("FloatingPointError")


def test_a_misconception_shows_where_its_values_come_back():
    assert shows((SEPARATING, returned(5.0)), (ALIKE, returned(1.0)))


@pytest.mark.parametrize("outcome", [returned(4.0), returned(6.0), RAISED, wire.Stopped("time"), None])
def test_a_separating_case_with_any_other_outcome_ends_it(outcome):
    assert not shows((SEPARATING, returned(5.0)), (SEPARATING, outcome))


def test_a_case_that_does_not_separate_tells_nothing():
    """Not even where the outcome there is wrong."""
    assert not shows((ALIKE, returned(1.0)))
    assert shows((SEPARATING, returned(5.0)), (ALIKE, returned(7.0)), (ALIKE, None))


def test_values_of_another_kind_count_as_the_misconception_too():
    """A student's integers, where the wrong formula gives floats."""
    assert shows((SEPARATING, returned(5)))


def test_two_functions_that_both_raise_have_nothing_in_common_yet():
    assert not shows((RAISING, RAISED))
    assert not shows((RAISING, RAISED), (ALIKE, returned(1.0)))


def test_raising_where_the_misconception_raises_is_required_beside_a_value():
    assert shows((SEPARATING, returned(5.0)), (RAISING, RAISED))
    assert not shows((SEPARATING, returned(5.0)), (RAISING, returned(9.0)))
    assert not shows((SEPARATING, returned(5.0)), (RAISING, wire.Stopped("crash")))


def test_a_floating_point_error_is_evidence_where_all_else_is_right():
    """The naive sigmoid: right values everywhere, and an overflow where the check lets it raise."""
    assert shows((RAISING, OVERFLOW), (ALIKE, returned(1.0)))
    assert not shows((RAISING, OVERFLOW), (ALIKE, returned(2.0)))
    assert not shows((RAISING, OVERFLOW), (ALIKE, None))
    assert not shows((RAISING, OVERFLOW), part="dW", names=("dW", "db"))


PARTS = ("dW", "db")
ONE_PART = case(expected=(J, J[0]), m=(2 * J, J[0]))
BOTH_PARTS = case(expected=(J, J[0]), m=(2 * J, 2 * J[0]))


def test_a_misconception_of_one_part_shows_whatever_the_other_part_is():
    wrong_elsewhere = returned((2 * J, J[0] + 7))
    assert not shows((ONE_PART, wrong_elsewhere))
    assert shows((ONE_PART, wrong_elsewhere), part="dW", names=PARTS)
    assert not shows((ONE_PART, returned((3 * J, J[0]))), part="dW", names=PARTS)


def test_a_part_in_which_a_misconception_is_right_tells_nothing_of_it():
    assert not shows((ONE_PART, returned((2 * J, J[0]))), part="db", names=PARTS)
    assert shows((ONE_PART, returned((J, J[0]))), (BOTH_PARTS, returned((J, 2 * J[0]))), part="db", names=PARTS)


def test_an_answer_that_has_no_such_parts_shows_no_misconception_of_one():
    assert not shows((BOTH_PARTS, returned(2 * J[0, 0])), part="dW", names=PARTS)
    assert not shows((case(expected=(J, J[0]), m=2.0), returned(2.0)), part="dW", names=PARTS)


# --- generic mistakes


def gradients(count: int = 3) -> list[tuple[CaseKey, Any, Any]]:
    """Cases with the parts dW and db, and the right values."""
    rng = np.random.default_rng(0)
    found = []
    for N in range(3, 3 + count):
        X, G = rng.normal(size=(N, 2)), rng.normal(size=(N, 4))
        dW, db = X.T @ G, G.sum(axis=0)
        found.append((case(X, G, expected=(dW, db)), dW, db))
    return found


def told(mistake: Any, *, parts: dict[str, float] | None = None, **properties: Any) -> dict[str, str]:
    asked = check(parts={"dW": 1.0, "db": 1.0} if parts is None else parts, **properties)
    return symptoms([(asked, each, returned(mistake(dW, db))) for each, dW, db in gradients()])


TRANSPOSED = "your values are the expected ones transposed, on 3 of 3 inputs"
NEGATIVE = "your values are the expected ones with the opposite sign, on 3 of 3 inputs"


def test_each_part_has_its_own_generic_diagnosis():
    assert told(lambda dW, db: (dW.T, -db)) == {"dW": TRANSPOSED, "db": NEGATIVE}
    assert told(lambda dW, db: (dW.T, db)) == {"dW": TRANSPOSED}
    assert told(lambda dW, db: (dW.T, np.sin(db))) == {"dW": TRANSPOSED}


def test_parts_without_points_of_their_own_go_by_their_position():
    assert told(lambda dW, db: (dW.T, db), parts={}) == {"result[0]": TRANSPOSED}


def test_named_gradients_are_diagnosed_in_any_order_of_their_keys():
    pairs = [(case(expected={"dW": dW, "db": db}), {"db": db, "dW": dW.T}) for _, dW, db in gradients()]
    for parts, label in [({"dW": 1.0, "db": 1.0}, "dW"), ({}, "result['dW']")]:
        found = symptoms([(check(parts=parts), each, returned(got)) for each, got in pairs])
        assert found == {label: TRANSPOSED}


def test_swapped_parts_are_one_diagnosis_of_the_whole():
    what = "the expected ones in the order db, dW; asked is dW, db"
    assert told(lambda dW, db: (db, dW)) == {"": f"your values are {what} (on 3 of 3 inputs)"}


@pytest.mark.parametrize(
    "outcome",
    [RAISED, wire.Stopped("time"), None, returned(None), returned("dW"), returned(J), returned((J, J, J))],
)
def test_a_case_with_no_value_of_the_right_structure_ends_every_generic_diagnosis(outcome):
    asked = check(parts={"dW": 1.0, "db": 1.0})
    answered = [(asked, each, returned((dW.T, db))) for each, dW, db in gradients()]
    assert symptoms(answered) == {"dW": TRANSPOSED}
    assert symptoms([*answered, (asked, answered[0][1], outcome)]) == {}


def test_checks_with_a_judge_of_their_own_are_left_out():
    """Their answers are not unique, so being unlike the reference's says nothing."""
    own = check(parts={"dW": 1.0, "db": 1.0}, judge="def judge(returned, X, G): return None")
    each, dW, db = gradients()[0]
    asked = check(parts={"dW": 1.0, "db": 1.0})
    answered = [(asked, item, returned((a.T, b))) for item, a, b in gradients()]
    assert symptoms([*answered, (own, each, RAISED)]) == {"dW": TRANSPOSED}
    assert symptoms([(own, each, returned((dW.T, db)))]) == {}


def test_right_values_and_written_answers_have_no_generic_diagnosis():
    assert told(lambda dW, db: (dW, db)) == {}
    assert symptoms([(check(), case(1.0, expected="yes"), returned("no"))] * 2) == {}
    assert symptoms([]) == {}


def test_no_mistake_is_looked_for_in_an_immense_answer():
    """A frame holds four million numbers: searching each of them for every mistake took a minute for one answer."""
    square = np.random.default_rng(0).normal(size=(224, 224))
    small, immense = square[:200], np.tile(square, (2, 1))
    assert symptoms([(check(), case(expected=small), returned(small.T))] * 2) != {}
    assert symptoms([(check(), case(expected=immense), returned(immense.T))] * 2) == {}


def test_factors_are_named_after_the_arguments_of_the_check():
    rng = np.random.default_rng(1)
    answered = []
    for n in (3, 5):
        X = rng.normal(size=(n, 4))
        answered.append((check(arguments=("X",)), case(X, expected=np.tanh(X)), returned(np.tanh(X) / n)))
    what = "divided by X.shape[0] (a mean where a sum is asked?)"
    assert symptoms(answered) == {"": f"your values are the expected ones {what}, on 2 of 2 inputs"}


# --- where a student reads it


def judged(mistake: Any, *, hidden: Any = None, misconceptions: Any = None) -> list[str]:
    """The feedback of a public and a hidden check with parts on the same kind of cases."""
    (one, *few) = gradients()
    named = misconceptions or {}
    with_wrong = [
        (CaseKey(each.args, each.expected, {name: pack(answer(dW, db)) for name, answer in named.items()}), dW, db)
        for each, dW, db in (one, *few)
    ]
    parts = {"dW": 1.0, "db": 1.0}
    checks = (
        check(with_wrong[0][0], name="on_paper", public=True, parts=parts),
        check(*(each for each, _, _ in with_wrong[1:]), name="any_sizes", parts=parts),
    )
    key = AnswerKey(exercise="e", misconceptions={name: f"this is {name}" for name in named}, hints=(), checks=checks)
    answers = [returned(mistake(dW, db)) for _, dW, db in with_wrong]
    last = [returned((hidden or mistake)(dW, db)) for _, dW, db in with_wrong[1:]]
    return [result.feedback for result in judge(key, [(answers[0],), tuple(last)]).checks]


def test_feedback_of_every_wrong_check_starts_with_the_generic_diagnosis():
    public, hidden = judged(lambda dW, db: (dW.T, db))
    assert public.startswith(f"dW: {TRANSPOSED}\ndb is right, dW is wrong\nf(X=")
    assert hidden.splitlines() == [
        f"dW: {TRANSPOSED}",
        "db is right, dW is wrong",
        "dW: returned shape (4, 2), asked was (2, 4)",
    ]


def test_parts_with_the_same_diagnosis_are_told_once():
    assert all(text.startswith(f"dW, db: {NEGATIVE}\n") for text in judged(lambda dW, db: (-dW, -db)))


def test_a_misconception_of_the_exercise_comes_before_any_generic_diagnosis():
    texts = judged(lambda dW, db: (dW.T, db), misconceptions={"turned": lambda dW, db: (dW.T, db)})
    assert all(text.startswith("this is turned\n") and TRANSPOSED not in text for text in texts)


def test_a_part_that_no_misconception_explains_still_gets_its_generic_diagnosis():
    texts = judged(lambda dW, db: (dW.T, -db), misconceptions={"turned": lambda dW, db: (dW.T, db)})
    assert all(text.startswith(f"this is turned\ndb: {NEGATIVE}\n") for text in texts)


def test_where_one_check_does_not_fit_only_the_facts_are_told():
    texts = judged(lambda dW, db: (dW.T, db), hidden=lambda dW, db: (np.sin(dW), db))
    assert not any("your values are" in text for text in texts)


@given(
    sign=st.sampled_from([-1, 1]), power=st.sampled_from([-1, 0, 1]), turned=st.booleans(), secret=st.integers(8, 99)
)
def test_a_generic_diagnosis_of_hidden_checks_holds_no_number_of_their_inputs(sign, power, turned, secret):
    """Digits in it are axes, the factor 2 and counts of inputs; a dimension goes by its name."""
    rng = np.random.default_rng(secret)
    answered = []
    for n in (secret, secret + 1):
        X = rng.normal(size=(n, 7))
        got = sign * float(n) ** power * np.tanh(X)
        got = got.T if turned else got
        answered.append((check(arguments=("X",)), case(X, expected=np.tanh(X)), returned(got)))
    found = symptoms(answered)
    assert bool(found) == (sign < 0 or power != 0 or turned)
    digits = {word for text in found.values() for word in text if word.isdigit()}
    assert digits <= {"0", "2"}


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
