"""For which inputs the values are right: said only where it parts right from wrong without an exception."""

# ruff: noqa: N806  matrices have their names from the exercises: X, W

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.judging.mistakes.hypotheses import Sample
from grader.judging.mistakes.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Numbers = NDArray[Any]
    Inputs = dict[str, Numbers]


def told(
    cases: list[Inputs], mistaken: Callable[[Inputs], Any], asked: Callable[[Inputs], Any] | None = None
) -> str | None:
    """What is said where the values are wrong for the inputs, or in the places, that are `mistaken`."""
    samples = []
    for number, inputs in enumerate(cases):
        want = np.asarray(asked(inputs) if asked else np.array([2.0, 3.0]) + number)
        samples.append(Sample.of(inputs, want, np.where(mistaken(inputs), want + 1, want)))
    return pattern(samples)


def matrices(*shapes: tuple[int, ...]) -> list[Inputs]:
    return [{"X": np.arange(1.0, 1 + np.prod(shape)).reshape(shape) - 2.5} for shape in shapes]


def numbers(*zs: float) -> list[Inputs]:
    return [{"z": np.array(z)} for z in zs]


def test_right_for_one_sample_and_wrong_for_more():
    cases = matrices((1, 3), (1, 4), (2, 3), (5, 4))
    said = "right where X has one row and wrong where it has several rows"
    assert told(cases, lambda i: len(i["X"]) > 1) == said
    said = "wrong where X has one row and right where it has several rows"
    assert told(cases, lambda i: len(i["X"]) == 1) == said


@pytest.mark.parametrize(
    ("shapes", "said"),
    [
        ([(3, 1), (4, 1), (3, 2), (2, 5)], "X has one column and wrong where it has several columns"),
        ([(1,), (1,), (2,), (5,)], "X has one entry and wrong where it has several entries"),
        ([(3, 2, 1), (4, 2, 1), (3, 2, 2), (4, 3, 5)], "X.shape[2] is 1 and wrong where it is more than 1"),
        ([(2, 2), (3, 3), (2, 3), (3, 2)], "X is square and wrong where it is not square"),
        ([(3,), (2,), (2, 3), (3, 2)], "X is 1-D and wrong where it is not 1-D"),
        ([(), (), (3,), (2, 3)], "X is a single number and wrong where it is an array"),
    ],
)
def test_right_for_some_shapes(shapes, said):
    cases = matrices(*shapes)
    right = [id(inputs) for inputs in cases[:2]]
    assert told(cases, lambda i: id(i) not in right) == f"right where {said}"


def test_right_for_what_one_word_asks_for():
    words, want = ["sum", "mean", "max", "sum", "max"], np.array([2.0, 3.0])
    samples = [
        Sample.of({"X": np.arange(3.0)}, want, want + (word == "max"), words={"op": word, "to": "all"})
        for word in words
    ]
    assert pattern(samples) == 'wrong where op is "max" and right where it is not "max"'


def test_right_only_where_two_sizes_are_equal():
    cases = [
        {"X": np.ones((5, D)), "W": np.ones((H, 7)), "b": np.zeros(H)} for D, H in [(2, 2), (3, 3), (3, 2), (2, 4)]
    ]
    said = "right where X.shape[1] equals W.shape[0] and wrong where it differs from W.shape[0]"
    assert told(cases, lambda i: i["X"].shape[1] != i["W"].shape[0]) == said


def test_right_only_where_all_of_several_sizes_are_equal():
    cases = [{"X": np.ones((N, D)), "W": np.ones((D, H))} for N, D, H in [(2, 2, 2), (3, 3, 3), (3, 3, 2), (3, 2, 2)]]
    said = "right where all sizes are equal and wrong where sizes differ"
    assert told(cases, lambda i: len({*i["X"].shape, *i["W"].shape}) > 1) == said


@pytest.mark.parametrize(
    ("zs", "mistaken", "said"),
    [
        ((0.0, 0.0, 1.0, -2.0), lambda z: z != 0, "right where z is 0 and wrong where it is not 0"),
        ((3.0, 1.0, -1.0, -2.0), lambda z: z < 0, "right where z is positive and wrong where it is not positive"),
        ((3.0, 1.0, -1.0, -2.0), lambda z: z > 0, "wrong where z is positive and right where it is not positive"),
        ((3.0, 0.0, -1.0, -2.0), lambda z: z < 0, "right where z is not negative and wrong where it is negative"),
        ((0.5, -1.0, 30.0, -60.0), lambda z: abs(z) > 9, "right where |z| is small and wrong where it is large"),
    ],
)
def test_right_for_some_numbers_in_cases_and_in_entries(zs, mistaken, said):
    assert told(numbers(*zs), lambda i: mistaken(i["z"])) == said
    array = [{"z": np.array([*zs, *zs])}, {"z": np.array(zs)}]
    assert told(array, lambda i: mistaken(i["z"]), lambda i: 2 + np.tanh(i["z"])) == said


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ([[1, 2, 9], [3, 4, 7], [1, -2, 9], [-2, 8, -8]], "X has positive entries alone and wrong where it has an entry that is not positive"),
        ([[1, 0, 9], [3, 4, 7], [1, -2, 9], [-2, 8, -8]], "X has no negative entry and wrong where it has a negative entry"),
        ([[0, 0, 0], [0, 0, 0], [1, -2, 9], [2, 8, 0]], "X is all 0 and wrong where it is not all 0"),
        ([[1, -1, 2], [-2, 1, 1], [90, 1, 1], [1, 2, -80]], "X has small entries alone and wrong where it has a large entry"),
    ],
)  # fmt: skip
def test_right_for_arrays_of_some_numbers(arrays, said):
    cases = [{"X": np.array(array, float)} for array in arrays]
    right = [id(inputs) for inputs in cases[:2]]
    assert told(cases, lambda i: id(i) not in right) == f"right where {said}"


def test_wrong_at_the_kink_alone():
    """Wherever it comes: entries count where an input has the shape of the answer, and zeros are few."""
    cases = [{"z": np.array(z)} for z in ([-1.0, 0.0, 2.0, 0.0], [0.0, 3.0, 5.0], [-2.0, 1.0, 4.0])]
    said = "wrong where z is 0 and right where it is not 0"
    assert told(cases, lambda i: i["z"] == 0, lambda i: i["z"] > 0) == said
    assert told(cases, lambda i: (i["z"] == 0) & (len(i["z"]) == 3), lambda i: i["z"] > 0) is None, "right at another"


@pytest.mark.parametrize("cases", [matrices((1, 3), (2, 3), (5, 4)), matrices((1, 3), (1, 4), (2, 3)), []])
def test_one_right_case_or_one_wrong_one_is_no_pattern(cases):
    assert not cases or told(cases, lambda i: len(i["X"]) > 1) is None


def test_a_right_0_is_no_evidence():
    """Whatever makes zeros of one sample is right where 0 is asked."""
    cases = matrices((1, 3), (1, 4), (2, 3), (5, 4))
    assert told(cases, lambda i: len(i["X"]) > 1, lambda i: np.zeros(2) if len(i["X"]) == 1 else np.ones(2)) is None


def test_small_and_large_lie_far_apart():
    assert told(numbers(1.0, 2.0, 3.0, 4.0), lambda i: i["z"] > 2.5) is None


# --- never said where it does not hold

CLAIMS: dict[str, Callable[[Numbers], Any]] = {
    "is 0": lambda a: a == 0, "is all 0": lambda a: not a.any(), "is positive": lambda a: a > 0,
    "is not negative": lambda a: a >= 0, "has positive entries alone": lambda a: (a > 0).all(),
    "has no negative entry": lambda a: (a >= 0).all(), "is square": lambda a: a.shape[0] == a.shape[1],
    "has one row": lambda a: len(a) == 1, "has one entry": lambda a: len(a) == 1,
    "has one column": lambda a: a.shape[1] == 1, "is a single number": lambda a: a.ndim == 0,
    "is 1-D": lambda a: a.ndim == 1, "is 2-D": lambda a: a.ndim == 2,
}  # fmt: skip


def holds(said: str, sample: Sample) -> Numbers:
    """For a sentence and a case: where it says that the value is right."""
    parsed = re.fullmatch(r"(right|wrong) where (all sizes|\S+) (.+) and (?:right|wrong) where (?:it|sizes) .+", said)
    assert parsed
    verdict, subject, claim = parsed.groups()
    name, _, axis = subject.strip("|").partition(".shape")
    if subject == "all sizes":
        claimed = len({size for array in sample.inputs.values() for size in array.shape}) == 1
    elif axis:
        found = re.fullmatch(r"equals (\w+)\.shape\[(\d)\]", claim)
        assert found
        claimed = sample.inputs[name].shape[int(axis[1])] == sample.inputs[found[1]].shape[int(found[2])]
    elif claim in ("is small", "has small entries alone"):
        pytest.skip("bounds are held to in a test of their own")
    else:
        claimed = CLAIMS[claim](sample.inputs[name])
    return np.broadcast_to(claimed, sample.want.shape) == (verdict == "right")


shapes = st.one_of(st.just(()), st.tuples(st.integers(1, 3)), st.tuples(st.integers(1, 3), st.integers(1, 3)))


@pytest.mark.slow
@settings(max_examples=300)
@given(data=st.data(), entries=st.booleans())
def test_what_is_said_holds_on_every_case(data, entries):
    """Of right and wrong drawn at random, in whole cases or in entries."""
    samples = []
    for _ in range(data.draw(st.integers(2, 6))):
        shape = data.draw(shapes)
        values = st.lists(st.sampled_from([-2.0, 0.0, 1.0, 3.0]), min_size=9, max_size=9)
        X, W = (np.array(data.draw(values))[: int(np.prod(s))].reshape(s) for s in (shape, data.draw(shapes)))
        want = X + 5 if entries else np.array([1.0, 2.0])
        wrong = np.array(data.draw(st.lists(st.booleans(), min_size=9, max_size=9)))[: want.size].reshape(want.shape)
        samples.append(Sample.of({"X": X, "W": W}, want, want + (wrong if entries else wrong.flat[0])))
    said = pattern(samples)
    if said and "small" not in said:
        for sample in samples:
            right = np.broadcast_to(holds(said, sample), sample.want.shape)
            in_entries = np.array_equal(right, ~sample.wrong())
            assert in_entries or (right.all() == sample.right and right.all() == right.any())


def test_the_largest_numbers_that_there_are_part_right_from_wrong_as_others_do():
    """Where small and large inputs lie apart by what no number can be multiplied with."""
    small, huge = [1.0, 2.0, 3.0, 4.0], [1e307, 2e307, 4e307, 8e307]
    said = told(numbers(*small, *huge), lambda i: np.abs(i["z"]) > 1e300)
    assert said == told(numbers(*small, *(each / 1e300 for each in huge)), lambda i: np.abs(i["z"]) > 1e6)
    assert said
    assert told(numbers(*huge, *small), lambda i: np.abs(i["z"]) < 10)
