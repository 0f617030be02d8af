"""Generic mistakes: each is recognised as itself from the numbers alone, and nothing else is."""

# ruff: noqa: N803  matrices have their names from the exercises: X, W, J

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from grader.judging.mistakes.hypotheses import Sample
from grader.judging.mistakes.recognise import by_part, misplaced, recognise

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Numbers = NDArray[Any]
    Mistake = Callable[[dict[str, Numbers], Numbers], Any]

few_examples = settings(max_examples=25)
seeds = st.integers(0, 2**32 - 1)

SIZES = [(5, 3, 4), (4, 6, 2), (7, 2, 5)]
"""N, D and H of the cases; all differ within a case, and N is never 2."""


def gradient(inputs: dict[str, Numbers]) -> Numbers:
    """X.T @ G, shape (D, H), and no multiple of a rearrangement of itself."""
    return inputs["X"].T @ inputs["G"]


def drawn(seed: int) -> list[dict[str, Numbers]]:
    rng = np.random.default_rng(seed)
    return [{"X": rng.normal(size=(N, D)), "G": rng.normal(size=(N, H))} for N, D, H in SIZES]


def told(cases: list[dict[str, Numbers]], right: Callable[[dict[str, Numbers]], Any], mistake: Mistake) -> str | None:
    """What is said of the values that a mistake turns the right ones into."""
    wants = [np.asarray(right(inputs)) for inputs in cases]
    samples = [
        Sample.of(inputs, want, np.asarray(mistake(inputs, want))) for inputs, want in zip(cases, wants, strict=True)
    ]
    return of_values(samples)


def of_values(samples: list[Sample]) -> str | None:
    """What is said of values: one thing of all of them, or else more."""
    return recognise(samples) or recognise(samples, compound=True)


ON_ALL = ", on 3 of 3 inputs"

OF_A_MATRIX: dict[str, Mistake] = {
    "the expected ones transposed": lambda _, J: J.T,
    "the expected ones flattened": lambda _, J: J.ravel(),
    "the expected ones with an axis of size 1 too many (axis 0)": lambda _, J: J[None],
    "the expected ones with an axis of size 1 too many (axis 2)": lambda _, J: J[..., None],
    "the expected ones in another order, as if reshaped where a transpose is asked": lambda _, J: J.T.reshape(J.shape),
    "the expected ones in the same order, but in another shape": lambda _, J: J.reshape(1, -1),
    "the expected ones added up over axis 0": lambda _, J: J.sum(axis=0),
    "the expected ones added up over axis 1": lambda _, J: J.sum(axis=1),
    "the expected ones added up over axis 1, left with size 1": lambda _, J: J.sum(axis=1, keepdims=True),
    "the expected ones averaged over axis 0": lambda _, J: J.mean(axis=0),
    "the expected ones all added up into one number": lambda _, J: J.sum(),
    "the expected ones all averaged into one number": lambda _, J: J.mean(),
    "the expected ones with the opposite sign": lambda _, J: -J,
    "the expected ones times 2": lambda _, J: 2 * J,
    "the expected ones divided by 2": lambda _, J: J / 2,
    "the expected ones with the opposite sign and divided by 2": lambda _, J: -J / 2,
    "the expected ones times X.shape[0] = G.shape[0] (a sum where a mean is asked?)": lambda i, J: J * len(i["X"]),
    "the expected ones divided by X.shape[0] = G.shape[0] (a mean where a sum is asked?)": lambda i, J: J / len(i["X"]),
    "the expected ones divided by G.shape[1] (a mean where a sum is asked?)": lambda _, J: J / J.shape[1],
    "the expected ones divided by G.size (a mean where a sum is asked?)": lambda i, J: J / i["G"].size,
    "the expected ones times 2 * X.shape[0]": lambda i, J: 2 * len(i["X"]) * J,
    "the expected ones times 2 / X.shape[0]": lambda i, J: 2 / len(i["X"]) * J,
    "the expected ones divided by result.size (a mean where a sum is asked?)": lambda _, J: J / J.size,
    "the expected ones divided by 2 * X.shape[1]": lambda _, J: J / (2 * len(J)),
    "the expected ones times X.shape[0] / X.shape[1]": lambda i, J: len(i["X"]) / len(J) * J,
    "the expected ones times one and the same constant": lambda _, J: 3.7 * J,
    "the expected ones with the decimals cut off, as happens where they are stored as integers": lambda _, J: J.astype(
        int
    ),
    "the expected ones rounded to 3 decimals": lambda _, J: J.round(3),
    "right to the accuracy of float32 only: compute in float64": lambda _, J: (
        (J * np.where(J > 0, 1 + 3e-5, 1 - 3e-5)).astype(np.float32).astype(float)
    ),
    "right to 4 digits or more, but not to as many as are asked": lambda _, J: J * np.where(J > 0, 1 + 3e-5, 1 - 3e-5),
    "right in the first row only": lambda _, J: J + (np.arange(len(J)) > 0)[:, None],
    "right in the last row only": lambda _, J: J + (np.arange(len(J)) < len(J) - 1)[:, None],
    "the expected ones transposed and with the opposite sign": lambda _, J: -J.T,
    "the expected ones transposed and times 2": lambda _, J: 2 * J.T,
    "the expected ones flattened and divided by X.shape[0] = G.shape[0] (a mean where a sum is asked?)": lambda i, J: (
        J.ravel() / len(i["X"])
    ),
    "the expected ones transposed and with the opposite sign and divided by 2": lambda _, J: -J.T / 2,
    "the expected ones added up over axis 0 and with the opposite sign": lambda _, J: -J.sum(axis=0),
}


@pytest.mark.slow
@pytest.mark.parametrize("phrase", OF_A_MATRIX)
@few_examples
@given(seed=seeds)
def test_a_mistake_in_a_matrix_is_recognised_as_itself(phrase, seed):
    scale = 10 if "decimals cut" in phrase else 1
    sentence = told(drawn(seed), lambda i: scale * gradient(i), OF_A_MATRIX[phrase])
    # A divisor that is the size of an array and the product of two others goes by the simpler name.
    assert sentence == f"your values are {phrase}{ON_ALL}"


@pytest.mark.slow
@few_examples
@given(seed=seeds, order=st.permutations(range(3)))
def test_permuted_axes_are_recognised(seed, order):
    order = tuple(order)
    sentence = told(drawn(seed), lambda i: np.einsum("nd,nh->ndh", i["X"], i["G"]), lambda _, T: T.transpose(order))
    how = {(0, 1, 2): None, (2, 1, 0): "transposed"}.get(order, f"with the axes in the order {order}")
    assert sentence == (how and f"your values are the expected ones {how}{ON_ALL}")


@few_examples
@given(seed=seeds, order=st.permutations(range(3)))
def test_a_reshape_of_permuted_axes_is_recognised(seed, order):
    """As of who makes the axes in another order, and gives the result the shape that is asked for."""
    sentence = told(
        drawn(seed), lambda i: np.einsum("nd,nh->ndh", i["X"], i["G"]), lambda _, T: T.transpose(order).reshape(T.shape)
    )
    how = "in another order, as if reshaped where a transpose is asked"
    assert sentence == (None if order == [0, 1, 2] else f"your values are the expected ones {how}{ON_ALL}")


@few_examples
@given(seed=seeds)
def test_a_sum_or_mean_that_was_not_taken_is_recognised(seed):
    def terms(i: dict[str, Numbers]) -> Numbers:
        return np.tanh(i["G"])

    for axis, (name, reduce) in itertools.product((0, 1), [("sum", np.sum), ("mean", np.mean)]):
        sentence = told(drawn(seed), lambda i: reduce(terms(i), axis=axis), lambda i, _: terms(i))  # noqa: B023
        assert sentence == f"your values are the expected ones before a {name} over axis {axis}{ON_ALL}"
    whole = told(drawn(seed), lambda i: terms(i).sum(), lambda i, _: terms(i))
    assert whole == f"your values are the expected ones before a sum over all axes{ON_ALL}"


@few_examples
@given(seed=seeds)
def test_a_sum_not_taken_can_have_a_factor_too(seed):
    sentence = told(drawn(seed), lambda i: np.tanh(i["G"]).sum(axis=0), lambda i, _: -2 * np.tanh(i["G"]))
    how = "before a sum over axis 0 and with the opposite sign and times 2"
    assert sentence == f"your values are the expected ones {how}{ON_ALL}"


@few_examples
@given(seed=seeds)
def test_a_sum_of_an_input_over_the_wrong_axis_is_recognised(seed):
    sentence = told(drawn(seed), lambda i: i["G"].sum(axis=0), lambda i, _: i["G"].sum(axis=1))
    what = "the sums of G over axis 1, and the expected ones are the sums of G over axis 0"
    assert sentence == f"your values are {what}{ON_ALL}"


@pytest.mark.parametrize(
    ("given_", "operation"),
    [("A * B", np.multiply), ("B @ A", lambda a, b: b @ a), ("A.T @ B", lambda a, b: a.T @ b)],
)
def test_another_product_of_the_inputs_is_recognised(given_, operation):
    """Only where the right product follows from the inputs, and so on square matrices."""
    rng = np.random.default_rng(1)
    cases = [{"A": rng.normal(size=(n, n)), "B": rng.normal(size=(n, n))} for n in (2, 3, 4)]
    sentence = told(cases, lambda i: i["A"] @ i["B"], lambda i, _: operation(i["A"], i["B"]))
    assert sentence == f"your values are {given_}, and the expected ones are A @ B{ON_ALL}"
    assert told(cases, lambda i: i["A"] @ np.exp(i["B"]), lambda i, _: operation(i["A"], i["B"])) is None


@pytest.mark.parametrize(
    ("what", "mistake"),
    [
        ("in their first row alone", lambda _, J: J[0]),
        ("in their last row alone", lambda _, J: J[-1]),
        ("in their first row alone, left with size 1", lambda _, J: J[:1]),
        ("in their first column alone, left with size 1", lambda _, J: J[:, :1]),
        ("without the first of them along axis 0", lambda _, J: J[1:]),
        ("without the last of them along axis 0", lambda _, J: J[:-1]),
        (
            "with their last row in the place of each: is it one array, written over?",
            lambda _, J: np.repeat(J[[-1]], len(J), axis=0),
        ),
        ("in their first column alone", lambda _, J: J[:, 0]),
        ("in their diagonal alone", lambda _, J: np.diagonal(J)),
        ("all averaged, and that mean in every entry", lambda _, J: np.full(J.shape, J.mean())),
        (
            "all added up, and that total in every entry (is an axis missing in the sum?)",
            lambda _, J: np.full(J.shape, J.sum()),
        ),
        (
            "cut off at one and the same largest size: is something clipped?",
            lambda _, J: np.clip(J, -np.abs(J).mean(), np.abs(J).mean()),
        ),
    ],
)
def test_less_than_is_asked_or_one_number_for_many_is_recognised(what, mistake):
    cases = drawn(11)
    clipped = "cut off" in what
    shared = min(np.abs(gradient(i)).max() for i in cases) / 2
    sentence = told(cases, gradient, (lambda _, J: np.clip(J, -shared, shared)) if clipped else mistake)
    assert sentence == f"your values are the expected ones {what}{ON_ALL}"


def test_one_column_of_many_that_are_alike_is_no_mean_of_them():
    """Nobody who handed back x for the matrix whose columns all are x has averaged anything."""
    xs = [np.random.default_rng(seed).normal(size=4) for seed in (1, 2, 3)]
    for returned, what in [
        (lambda x: x[:, None], "in their first column alone, left with size 1"),
        (lambda x: x, "in their first column alone"),
    ]:
        samples = [Sample.of({"x": x}, np.tile(x[:, None], (1, 3)), returned(x)) for x in xs]
        assert of_values(samples) == f"your values are the expected ones {what}{ON_ALL}"


def test_indices_in_the_place_of_flags_are_recognised_and_of_numbers_they_are_none():
    """As np.where gives them where a mask is asked."""
    flags = [np.array([True, False, True, True]), np.array([False, True]), np.array([False, False])]
    what = "in the form of indices, of those that are not 0: asked is an entry for each of them all"
    samples = [Sample.of({}, each, np.flatnonzero(each)) for each in flags]
    assert of_values(samples) == f"your values are the expected ones {what}{ON_ALL}"
    assert of_values([Sample.of({}, each.astype(float), np.flatnonzero(each)) for each in flags]) is None


def test_which_rows_are_right_says_more_than_where_zeros_are():
    """In a tensor that is mostly 0 each column has one, so that it tells nothing."""
    wants = [np.einsum("ik,jl->ijkl", np.eye(n), np.random.default_rng(n).normal(size=(2, 3))) for n in (1, 2, 3)]
    samples = [Sample.of({}, want, np.concatenate([want[:1], 0 * want[1:]])) for want in wants]
    assert of_values(samples) == "your values are right in the first row only, on 2 of 3 inputs; the rest is right"


def test_a_diagonal_with_zeros_beside_it_is_recognised():
    squares = [{"A": np.random.default_rng(n).normal(size=(n, n))} for n in (2, 3, 4)]
    sentence = told(squares, lambda i: np.tanh(i["A"]), lambda _, J: np.diag(np.diag(J)))
    assert sentence == f"your values are the expected ones on the diagonal alone, with 0 elsewhere{ON_ALL}"


@pytest.mark.parametrize("slope", [0.01, 0.2])
def test_a_leaky_slope_is_recognised_whatever_it_is(slope):
    """And whichever way the kink itself is decided."""
    cases = [{"z": np.array([[-2.0, 3.0, -0.5, 0.0], [1.0, -1.5, 2.5, -4.0]]) * n} for n in (1, 2, 3)]
    as_number = told(cases, lambda i: (i["z"] > 0) * 1.0, lambda i, _: np.where(i["z"] >= 0, 1.0, slope))
    rest = "where z is negative and the right value is 0 (leaky?)"
    assert as_number == f"your values are one and the same number {rest}{ON_ALL}"
    multiple = told(cases, lambda i: np.maximum(i["z"], 0), lambda i, _: np.where(i["z"] > 0, i["z"], slope * i["z"]))
    assert multiple == f"your values are a multiple of z {rest}{ON_ALL}"


def test_digits_lost_in_a_difference_or_in_float16_are_recognised():
    cases = [{"z": np.array([26.0, 27.0, 28.0, 29.0, 30.0]) + n} for n in range(3)]
    lost = told(cases, lambda i: 1 / (1 + np.exp(i["z"])), lambda i, _: 1 - 1 / (1 + np.exp(-i["z"])))
    assert lost is not None
    assert lost.startswith("your values are right to 16 decimals only, where the value itself is smaller")
    half = told(cases, lambda i: np.tanh(i["z"] / 40), lambda _, v: v.astype(np.float16).astype(float))
    assert half == f"your values are right to the accuracy of float16 only: compute in float64{ON_ALL}"


@few_examples
@given(seed=seeds)
def test_a_missing_axis_of_size_1_is_recognised(seed):
    sentence = told(drawn(seed), lambda i: i["X"].sum(axis=1, keepdims=True), lambda _, J: J[:, 0])
    assert sentence == f"your values are the expected ones without their axis 1, which has size 1{ON_ALL}"


def test_axes_of_size_1_that_are_lost_in_several_places_are_recognised_beside_right_arrays():
    rng = np.random.default_rng(4)
    wants = [rng.normal(size=shape) for shape in [(1, 4), (3, 1), (2, 3)]]
    sentence = recognise([Sample.of({}, want, want.squeeze()) for want in wants])
    lost = "your values are the expected ones without their axes of size 1"
    assert sentence == f"{lost}, on 2 of 3 inputs; the rest is right"


def test_a_single_number_in_an_array_is_recognised_beside_right_arrays():
    samples = [Sample.of({}, np.array(w), np.atleast_1d(w)) for w in (0.3, 0.7, [0.1, 0.2])]
    what = "the expected ones in an array of one entry where a single number is asked"
    assert of_values(samples) == f"your values are {what}, on 2 of 3 inputs; the rest is right"


def test_a_shape_in_reverse_order_is_recognised_and_never_scaled():
    """An integer answer is a size or an index: twice the shape is no factor of a formula."""
    shapes = [np.array([1, 3]), np.array([4, 2])]
    sentence = of_values([Sample.of({}, shape, shape[::-1]) for shape in shapes])
    assert sentence == "your values are the expected ones in reverse order, on 2 of 2 inputs"
    assert of_values([Sample.of({}, shape, 2 * shape) for shape in shapes]) is None


def test_a_factor_goes_by_the_name_of_a_number_among_the_inputs():
    rng = np.random.default_rng(2)
    cases = [{"x": rng.normal(size=4), "lr": np.array(lr)} for lr in (0.1, 0.25)]
    sentence = told(cases, lambda i: np.exp(i["x"]) * i["lr"], lambda i, _: np.exp(i["x"]))
    assert sentence == "your values are the expected ones divided by lr, on 2 of 2 inputs"


def test_a_factor_that_has_two_names_is_told_with_both():
    rng = np.random.default_rng(3)
    cases = [{"X": rng.normal(size=(2, 3))} for _ in range(2)]
    sentence = told(cases, lambda i: np.tanh(i["X"]), lambda _, J: J / 2)
    assert sentence == "your values are the expected ones divided by 2 = X.shape[0], on 2 of 2 inputs"


def test_a_dimension_of_the_result_names_a_factor_where_no_input_has_it():
    rng = np.random.default_rng(4)
    cases = [{"s": np.array(rng.normal()), "v": rng.normal(size=n)} for n in (3, 5)]
    sentence = told(cases, lambda i: np.outer(i["v"], np.arange(1, 2 + len(i["v"]))), lambda _, J: J * J.shape[1])
    what = "times result.shape[1] (a sum where a mean is asked?)"
    assert sentence == f"your values are the expected ones {what}, on 2 of 2 inputs"


# --- right but for some


@pytest.mark.parametrize(
    ("what", "zs", "mistake"),
    [
        ("0 where |z| is large", (-30.0, 30.0), lambda z, w: np.where(abs(z) > 20, 0, w)),
        ("0 where z is large", (-30.0, 30.0, 40.0), lambda z, w: np.where(z > 20, 0, w)),
        ("nan or inf where z is far below 0", (-800.0, 850.0, -900.0), lambda z, w: np.where(z < -700, np.nan, w)),
        ("nan or inf where z is large", (-800.0, 800.0, 900.0), lambda z, w: np.where(z > 700, np.inf, w)),
    ],
)
def test_wrong_in_a_tail_alone(what, zs, mistake):
    cases = [{"z": np.array(z)} for z in (0.0, 1.0, -2.0, *zs)]
    sentence = told(cases, lambda i: 1 / (1 + abs(i["z"])), lambda i, w: mistake(i["z"], w))
    assert sentence == f"your values are {what}, and right elsewhere, on 2 of {len(cases)} inputs; the rest is right"


def test_one_and_the_same_number_in_a_tail():
    """Beside larger entries it may be near enough to the right ones."""
    cases = [{"z": np.array(z)} for z in (0.0, [1.0, 3.0, 2.0, 0.5], -2.0, -30.0, -40.0, [-50.0, 2.0])]
    sentence = told(cases, lambda i: np.exp(i["z"]), lambda i, w: np.where(i["z"] < -20, np.exp(-20), w))
    what = "one and the same number (clipped?) where |z| is large, and right elsewhere"
    assert sentence == f"your values are {what}, on 3 of 6 inputs; the rest is right"
    cases = [{"z": np.array(z)} for z in (0.0, -2.0, 1.0, [-30.0, -31.0])]
    assert told(cases, lambda i: np.exp(i["z"]), lambda i, w: np.where(i["z"] < -20, np.exp(-20), w)), "twice in a case"
    cases = [{"z": np.array(z)} for z in (0.0, -2.0, 1.0, -30.0)]
    assert told(cases, lambda i: np.exp(i["z"]), lambda i, w: np.where(i["z"] < -20, np.exp(-20), w)) is None


def test_a_zero_near_the_middle_is_no_tail():
    cases = [{"z": np.array(z)} for z in (0.0, 0.5, 1.0, 2.0, 3.0)]
    assert told(cases, lambda i: np.exp(-i["z"]), lambda i, w: np.where(i["z"] > 1.5, 0, w)) is None


def masked(seed: int) -> list[tuple[Numbers, Numbers]]:
    """A matrix W, and the mask of the active units, its rows: some dead."""
    rng = np.random.default_rng(seed)
    return [(rng.normal(size=(4, n)), np.array([1, 0, 1, active])) for n, active in [(3, 0), (5, 1)]]


@few_examples
@given(seed=seeds)
def test_a_mask_that_was_forgotten_is_told_as_a_fact(seed):
    samples = [Sample.of({}, mask[:, None] * W, W) for W, mask in masked(seed)]
    what = "something else where the right value is 0, and right elsewhere"
    assert of_values(samples) == f"your values are {what}, on 2 of 2 inputs"


@few_examples
@given(seed=seeds)
def test_columns_with_zeros_can_be_the_wrong_ones(seed):
    """In a column with a 0 not every entry need be wrong: only that the columns without are right."""
    rng = np.random.default_rng(seed)
    samples = []
    for width in (3, 4):
        want = rng.normal(size=(3, width))
        want[0, 1] = 0
        got = want.copy()
        got[1:, 1] += 1
        samples.append(Sample.of({}, want, got))
    what = "wrong just in the columns where the right value has a 0"
    assert of_values(samples) == f"your values are {what}, on 2 of 2 inputs"


@few_examples
@given(seed=seeds)
def test_cases_with_zeros_can_be_the_wrong_ones(seed):
    rng = np.random.default_rng(seed)
    right = [rng.normal(size=3) for _ in range(2)]
    wrong = [np.array([0, *rng.normal(size=2)]) for _ in range(2)]
    samples = [Sample.of({}, w, w) for w in right] + [Sample.of({}, w, rng.normal(size=3) * [0, 1, 1]) for w in wrong]
    what = "wrong just for inputs whose right value has a 0 in it"
    assert of_values(samples) == f"your values are {what}, on 2 of 4 inputs; the rest is right"
    assert of_values(samples[2:]) is None, "with no case without a 0 there is nothing to tell them from"


# --- never a guess


@few_examples
@given(seed=seeds, other=seeds, transposed=st.booleans())
def test_unrelated_answers_get_no_diagnosis(seed, other, transposed):
    rng = np.random.default_rng(other)

    def unrelated(_: dict[str, Numbers], J: Numbers) -> Numbers:
        return rng.normal(size=J.shape[::-1] if transposed else J.shape)

    assert told(drawn(seed), gradient, unrelated) is None


@pytest.mark.slow
@pytest.mark.parametrize("phrase", OF_A_MATRIX)
@few_examples
@given(seed=seeds, odd=st.integers(0, 2))
def test_one_case_that_does_not_fit_ends_a_diagnosis(phrase, seed, odd):
    """A mistake made in two cases of three is none that explains the values."""
    cases = drawn(seed)

    def mistake(inputs: dict[str, Numbers], J: Numbers) -> Numbers:
        return np.sin(J) + 5 if inputs is cases[odd] else OF_A_MATRIX[phrase](inputs, J)

    assert told(cases, lambda i: 10 * gradient(i), mistake) is None


@pytest.mark.slow
@pytest.mark.parametrize("phrase", [phrase for phrase in OF_A_MATRIX if not phrase.startswith("right")])
@few_examples
@given(seed=seeds, odd=st.integers(0, 2))
def test_one_case_that_is_right_ends_a_diagnosis_that_would_change_it(phrase, seed, odd):
    """What is left to say then is a fact about the wrong cases alone, with their number."""
    cases = drawn(seed)
    facts = ("the expected ones in the same order, but in another shape", "right to 4 digits or more")

    def mistake(inputs: dict[str, Numbers], J: Numbers) -> Numbers:
        return J if inputs is cases[odd] else OF_A_MATRIX[phrase](inputs, J)

    sentence = told(cases, lambda i: 10 * gradient(i), mistake)
    assert sentence is None or (
        sentence.startswith(tuple(f"your values are {fact}" for fact in facts))
        and sentence.endswith(", on 2 of 3 inputs; the rest is right")
    )


def test_a_case_that_the_mistake_does_not_change_counts_as_right():
    """The transpose of a symmetric matrix, and the sign of zeros."""
    rng = np.random.default_rng(5)
    wants = [rng.normal(size=(2, 3)), rng.normal(size=(4, 2)), np.eye(3)]
    transposed = of_values([Sample.of({}, want, want.T) for want in wants])
    assert transposed == "your values are the expected ones transposed, on 2 of 3 inputs; the rest is right"
    wants[2] = np.zeros((2, 2))
    assert of_values([Sample.of({}, want, -want) for want in wants]) == (
        "your values are the expected ones with the opposite sign, on 2 of 3 inputs; the rest is right"
    )


@pytest.mark.parametrize(("want", "enough"), [([1.0, 2.0, 3.0], False), ([1.0, 2.0, 3.0, 4.0], True)])
def test_one_case_needs_four_distinct_numbers(want, enough):
    sentence = of_values([Sample.of({}, np.array(want), -np.array(want))])
    said = "your values are the expected ones with the opposite sign, on 1 of 1 input"
    assert sentence == (said if enough else None)


def test_a_mask_in_another_order_is_no_reversal():
    """Ones and zeros look alike in many orders."""
    wants = [np.array([1.0, 0.0]), np.array([0.0, 1.0, 1.0])]
    assert of_values([Sample.of({}, want, want[::-1]) for want in wants]) is None


def test_zeros_for_fractions_are_no_cut_off_decimals():
    rng = np.random.default_rng(6)
    wants = [rng.uniform(0.1, 0.9, size=4) for _ in range(3)]
    assert of_values([Sample.of({}, want, np.zeros(4)) for want in wants]) is None


def test_a_product_of_dimensions_needs_factors_that_differ():
    """One number is near many products; a constant is all that can be said of it."""
    rng = np.random.default_rng(7)
    cases = [{"X": rng.normal(size=(3, 5)), "W": rng.normal(size=(5, 7))} for _ in range(2)]
    sentence = told(cases, lambda i: i["X"] @ i["W"], lambda _, J: 6 * J)
    assert sentence == "your values are the expected ones times one and the same constant, on 2 of 2 inputs"


def test_an_unsteady_factor_is_no_diagnosis():
    rng = np.random.default_rng(8)
    wants = [rng.normal(size=4) for _ in range(2)]
    samples = [Sample.of({}, want, c * want) for want, c in zip(wants, (1.7, -1.3), strict=True)]
    assert of_values(samples) is None


def test_right_values_have_no_symptom():
    assert of_values([Sample.of({}, np.arange(4.0), np.arange(4.0))]) is None
    assert of_values([]) is None


ODD = [
    np.array(np.nan),
    np.zeros(0),
    np.zeros((0, 3)),
    np.zeros((2, 0)),
    np.array(1 + 2j),
    np.full((2, 3), np.inf),
    np.full((2, 3), np.nan),
    np.ones((2, 3), bool),
    np.ones((2, 3), np.float16),
    np.full((2, 3), 1e300),
    np.full((2, 3), 2**63, np.uint64),
    np.ones((1, 1, 1, 1, 1)),
]


@pytest.mark.parametrize(("index", "other"), list(itertools.product(range(len(ODD)), repeat=2)))
def test_no_value_is_too_odd_to_be_looked_at(index, other):
    """Neither an error nor a warning, whatever a student returns."""
    inputs = {"z": ODD[other] if ODD[other].dtype.kind != "c" else np.array(1.0), "X": np.ones((2, 3))}
    sentence = of_values([Sample.of(inputs, ODD[index], ODD[other]), Sample.of(inputs, np.ones((2, 3)), ODD[other])])
    assert sentence is None or sentence.startswith("your values are ")


# --- parts


@few_examples
@given(seed=seeds, order=st.permutations(range(3)))
def test_parts_in_another_order_are_recognised(seed, order):
    rng = np.random.default_rng(seed)
    cases = []
    for _ in range(2):
        parts = [rng.normal(size=(2, 3)), rng.normal(size=3), rng.normal(size=3)]
        cases.append((parts, [parts[k] for k in order]))
    sentence = misplaced(["dX", "dW", "db"], cases)
    named = ", ".join(["dX", "dW", "db"][k] for k in order)
    said = f"your values are the expected ones in the order {named}; asked is dX, dW, db (on 2 of 2 inputs)"
    assert sentence == (None if list(order) == [0, 1, 2] else said)


def test_parts_that_are_wrong_in_any_order_are_not_called_swapped():
    one, two = np.arange(1.0, 5.0), np.arange(5.0, 9.0)
    assert misplaced(["a", "b"], [([one, two], [two, two])]) is None
    assert misplaced(["a"], [([one], [two])]) is None


def test_parts_that_share_a_sentence_are_named_together():
    assert by_part([("dW", "s"), ("db", "s"), ("dX", "t")]) == ["dW, db: s", "dX: t"]
    assert by_part([("", "s")]) == ["s"]


@pytest.mark.slow
@settings(max_examples=400)
@given(data=st.data())
def test_the_diagnosis_of_any_arrays_ends_without_an_error(data):
    """Whatever numbers a student returns, of any kind and shape: the trusted process says something or nothing."""
    kinds = st.sampled_from(["f8", "f4", "i8", "u1", "b1", "c16"])
    shapes = arrays_of.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3)

    def some(shape=None):
        return arrays_of.arrays(data.draw(kinds), shape or data.draw(shapes))

    samples = []
    for _ in range(data.draw(st.integers(1, 3))):
        want = data.draw(some())
        inputs = {"a": data.draw(some(want.shape)), "b": data.draw(some())}
        got = data.draw(st.one_of(some(want.shape), some()))
        with np.errstate(all="ignore"):
            samples.append(Sample.of(inputs, want, got))
    sentence = of_values(samples)
    assert sentence is None or sentence.startswith("your value")
