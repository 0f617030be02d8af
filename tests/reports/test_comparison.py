"""Expected and returned beside each other: every entry shown is the array's, and those that differ are marked."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from msgspec import UNSET

from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.judging.judge import judge
from grader.judging.verdicts import ExerciseResult
from grader.reports.comparison import comparisons, grid, of_example, side_by_side, with_examples
from grader.wire.messages import Outcome, Raised, Returned
from grader.wire.values import pack


def key(*expected: object, public: bool = True) -> AnswerKey:
    """The key of f, whose cases have these right answers and 1, 2, ... for inputs."""
    cases = tuple(CaseKey(args=(pack(float(number)),), expected=pack(each)) for number, each in enumerate(expected, 1))
    check = CheckKey(
        name="c", claim="is right", public=public, function="f", points=1.0, parts={}, readonly=False, strict=False,
        judge="", driver="", keep=False, arguments=("x",), cases=cases,
    )  # fmt: skip
    return AnswerKey(exercise="f", misconceptions={}, hints=(), checks=(check,))


def compared(expected: object, returned: object):
    """The one comparison that there is."""
    (found,) = comparisons(key(expected), [[Returned(pack(returned))]])
    return found


def test_entries_that_differ_are_marked():
    found = compared(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 2.5], [3.0, 4.0]]))
    assert side_by_side(found, 80) == [
        "expected (2, 2)    returned (2, 2)",
        "1  2               1  2.5*",
        "3  4               3     4",
    ]
    assert found.difference.tolist() == [[0.0, 0.5], [0.0, 0.0]]


def test_arrays_of_other_shapes_stand_beside_each_other_unmarked():
    found = compared(np.zeros((3, 2)), np.ones((2, 3)))
    assert side_by_side(found, 80) == [
        "expected (3, 2)    returned (2, 3)", "0  0               1  1  1", "0  0               1  1  1", "0  0",
    ]  # fmt: skip
    assert found.difference is None


def test_where_there_is_no_room_one_stands_below_the_other():
    found = compared(np.zeros((1, 2)), np.ones((1, 2)))
    assert side_by_side(found, 20) == ["expected (1, 2)", "0  0", "returned (1, 2)", "1*  1*"]


@pytest.mark.parametrize(
    "outcome", [Returned(pack(np.array([1.0, 2.0]))), Returned(pack("text")), Raised("ValueError", "no", "f.py", 1)]
)
def test_what_is_right_or_no_array_is_not_compared(outcome):
    assert list(comparisons(key(np.array([1.0, 2.0])), [[outcome]])) == []


def test_hidden_checks_are_never_compared():
    assert list(comparisons(key(np.zeros(2), public=False), [[Returned(pack(np.ones(2)))]])) == []


def test_of_each_check_the_first_wrong_case_is_shown():
    outcomes = [[Returned(pack(np.full(2, float(number)))) for number in range(3)]]
    (found,) = comparisons(key(np.zeros(2), np.zeros(2), np.zeros(2)), outcomes)
    assert found.returned.tolist() == [1.0, 1.0]


@given(hnp.arrays(np.float64, hnp.array_shapes(min_dims=1, max_dims=2, max_side=12), elements=st.floats(-1e6, 1e6)))
def test_a_grid_is_bounded_and_its_shades_are_relative(array):
    rows = grid(array)
    assert len({len(row) for row in rows}) <= 1
    assert len(rows) <= 9
    assert all(len(row) <= 9 for row in rows)
    shades = [cell.shade for row in rows for cell in row]
    assert all(-1 <= shade <= 1 for shade in shades)
    assert rows[0][0].text == f"{np.atleast_2d(array)[0, 0]:.6g}"


def test_nan_inf_and_integers_are_shown_as_they_are():
    texts = [[cell.text for cell in row] for row in grid(np.array([np.nan, np.inf, -0.5]))]
    assert texts == [["nan", "inf", "-0.5"]]
    assert [[cell.text for cell in row] for row in grid(np.array([1, 2]))] == [["1", "2"]]


def kept(key_: AnswerKey, *outcomes: Outcome):
    """The example that is kept with the result of a key's one check."""
    (check,) = with_examples(judge(key_, [outcomes]), key_, [outcomes]).checks
    return None if check.example is UNSET else of_example(check.example)


def test_of_a_public_check_the_first_wrong_arrays_are_kept_with_the_result():
    """Exactly, with the entries that differ; of an answer in parts those of the first part that is wrong."""
    found = kept(key(np.eye(2), np.eye(2)), Returned(pack(np.eye(2))), Returned(pack(np.full((2, 2), np.nan))))
    assert np.isnan(found.returned).all()
    assert found.expected.tolist() == np.eye(2).tolist()
    assert found.wrong.all()
    found = kept(key((np.ones(2), np.zeros((1, 3)))), Returned(pack((np.ones(2), np.array([[0.0, 5.0, 0.0]])))))
    assert (found.part, found.wrong.tolist()) == ("result[1]", [[False, True, False]])
    found = kept(key(np.zeros((3, 2))), Returned(pack(np.zeros((2, 3)))))
    assert (found.wrong, found.returned.shape) == (None, (2, 3))


def test_nothing_is_kept_of_what_is_right_large_not_public_or_told_by_something_else():
    wrong = Returned(pack(np.ones((2, 2))))
    assert kept(key(np.zeros((2, 2))), wrong) is not None
    assert kept(key(np.ones((2, 2))), wrong) is None
    assert kept(key(np.zeros((2, 2)), public=False), wrong) is None
    assert kept(key(np.zeros((6, 6))), Returned(pack(np.ones((6, 6))))) is not None
    assert kept(key(np.zeros((6, 6))), Returned(pack(np.ones((37, 1))))) is None
    assert kept(key(np.zeros((37, 1))), Returned(pack(np.ones((6, 6))))) is None
    assert kept(key(np.zeros((2, 2))), Returned(pack(np.ones((2, 2)) * 1j))) is None
    assert kept(key(np.zeros((2, 2)), np.zeros((2, 2))), Raised("ValueError", "no", "f.py", 1), wrong) is None


@pytest.mark.slow
@given(hnp.arrays(float, (2, 2)), st.booleans())
def test_a_result_with_an_example_is_read_back_as_it_was_written(array, public):
    """And a check that is not public never has one, whatever came back."""
    asked = key(np.zeros((2, 2)), public=public)
    outcomes = [(Returned(pack(array)),)]
    result = with_examples(judge(asked, outcomes), asked, outcomes)
    encoded = msgspec.json.encode(result)
    assert msgspec.json.decode(encoded, type=ExerciseResult) == result
    assert (b'"example"' in encoded) is (public and bool((array != 0).any()))
