"""The numeric policy: what counts as equal, in which order differences are looked for, and how parts are told apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.judging.compare import (
    Difference,
    Precision,
    arranged,
    compare,
    conform,
    form,
    held,
    split,
    widened,
    wrong_entries,
)
from grader.wire.values import Array, Mapping, Nothing, Text, Tuple, pack

SHAPES = hnp.array_shapes(min_dims=0, max_side=4)
FLOATS = hnp.arrays(np.float64, SHAPES, elements=st.floats(-1e6, 1e6).map(lambda x: x + 0.5 if abs(x) < 1e-3 else x))
ANY = st.sampled_from(["<f8", "<f4", "<f2", "<c16", "<c8", "<i8", "<u8", "|i1", "|b1"]).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=4))
)


def difference(expected, got, **options):
    """The kind of the first difference between two Python objects."""
    mismatch = compare(pack(expected), pack(got), **options)
    return mismatch and mismatch.kind


@given(ANY)
def test_everything_equals_itself(array):
    assert difference(array, array) is None
    assert difference((array, "text", None), (array, "text", None)) is None
    assert difference({"a": array}, {"a": array.copy()}) is None


POLICY = [
    (Precision.ONLY_DOUBLE, np.float64, 1e-6, 1e-12),
    (Precision.DOUBLE, np.float64, 1e-6, 1e-12),
    (Precision.DOUBLE, np.float32, 1e-5, 1e-7),
    (Precision.SINGLE, np.float64, 1e-4, 1e-6),
    (Precision.SINGLE, np.float32, 1e-4, 1e-6),
]


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "dtype", "relative", "absolute"), POLICY)
@given(array=FLOATS.filter(lambda array: array.size), data=st.data())
def test_a_perturbation_within_the_tolerance_passes_and_beyond_it_is_found(
    precision, dtype, relative, absolute, array, data
):
    """By what the inputs are and what the answer is, whatever the scale of either."""
    array = array.astype(dtype).astype(float)
    place = data.draw(st.integers(0, array.size - 1))
    near, far = array.copy(), array.copy()
    tolerance = relative * abs(array.flat[place]) + absolute * np.abs(array).max()
    near.flat[place] += 0.9 * tolerance
    far.flat[place] += 1.1 * tolerance
    near, far = near.astype(dtype), far.astype(dtype)
    # What float32 rounds away is no perturbation.
    off = [abs(float(each.flat[place]) - array.flat[place]) for each in (near, far)]
    assume(off[0] <= 0.99 * tolerance and off[1] >= 1.01 * tolerance)
    assert difference(array, near, precision=precision) is None
    assert difference(array, far, precision=precision) is Difference.VALUE
    assert wrong_entries(array, far, precision).sum() == 1
    assert wrong_entries(array, far, precision).flat[place]


@given(FLOATS, st.floats(-1e-3, 1e-3), st.sampled_from([np.float32, np.float64]))
def test_what_passes_where_more_is_asked_passes_where_less_is(array, error, dtype):
    """And by the dtype that it returns, an answer gains what float32 loses, in checks that allow it alone."""
    got = (array * (1 + error)).astype(dtype)
    passes = [difference(array, got, precision=precision) is None for precision in Precision]
    assert passes == sorted(passes)
    wide = [difference(array, got.astype(float), precision=precision) is None for precision in Precision]
    assert (passes[0], passes[2]) == (wide[0], wide[2])


@pytest.mark.slow
@given(ANY, ANY)
def test_a_difference_of_shape_is_found_in_either_order_before_any_other(one, other):
    assume(one.shape != other.shape)
    assert difference(one, other) is difference(other, one) is Difference.SHAPE


@pytest.mark.slow
@given(ANY, st.data())
def test_exact_kinds_are_compared_alike_in_either_order(one, data):
    """Without a tolerance tied to one side, equality is symmetric: integers and booleans."""
    assume(one.dtype.kind in "iub")
    other = data.draw(hnp.arrays(one.dtype, one.shape))
    assert (difference(one, other) is None) == (difference(other, one) is None) == bool((one == other).all())


@given(FLOATS, st.floats(1e-200, 1e200))
def test_the_verdict_does_not_depend_on_the_scale(array, scale):
    """A gradient of 1e-200 is judged as strictly as one of 1."""
    assume(array.any())
    for factor in (1 + 1e-7, 1 + 1e-5, 0.0):
        assert difference(array, array * factor) == difference(array * scale, array * scale * factor)


@pytest.mark.parametrize(
    ("expected", "got"),
    [((3, 1), (3, 3)), ((3, 3), (3, 1)), ((4,), (4, 1)), ((4, 1), (4,)), ((4,), (1, 4)), ((), (1,)), ((1,), ()), ((0,), (1,)), ((2, 3), (3, 2))],
)  # fmt: skip
def test_nothing_is_compared_that_only_broadcasts(expected, got):
    mismatch = compare(pack(np.ones(expected)), pack(np.ones(got)))
    assert mismatch is not None
    assert mismatch.kind is Difference.SHAPE
    assert (mismatch.expected, mismatch.got) == (pack(np.ones(expected)), pack(np.ones(got)))


def test_the_order_is_structure_shape_dtype_finiteness_values():
    """One thing is wrong after the other, and each time the earlier one is told."""
    expected = np.array([1.0, 2.0])
    steps = [
        ((np.array([1j, np.nan]), np.ones(2), 3.0), Difference.STRUCTURE),
        (np.array([np.nan, 1j, 2]), Difference.SHAPE),
        (np.array([np.nan, 1j]), Difference.DTYPE),
        (np.array([np.nan, 5.0]), Difference.NONFINITE),
        (np.array([1.0, 5.0]), Difference.VALUE),
        (np.array([1.0, 2.0]), None),
    ]
    for got, kind in steps:
        assert difference(expected, got) is kind


def test_a_tolerance_tied_to_the_scale_tells_zero_from_tiny():
    """0 for sigma'(20) = 2e-9 is wrong; numpy's own absolute tolerance of 1e-8 would take it."""
    assert np.allclose(0.0, 2e-9)
    assert difference(2e-9, 0.0) is Difference.VALUE
    assert difference(4e-18, 0.0) is Difference.VALUE
    assert difference(2e-9, 2e-9 * (1 + 9e-7)) is None


def test_beside_a_large_entry_rounding_noise_passes():
    assert difference([1e6, 0.0], [1e6, 9e-7]) is None
    assert difference([1e6, 0.0], [1e6, 2e-6]) is Difference.VALUE


def test_where_all_is_zero_only_zero_is_right():
    assert difference(np.zeros(3), np.zeros(3)) is None
    assert difference(np.zeros(3), [0, 0, 1e-300]) is Difference.VALUE


def test_float32_results_have_a_looser_tolerance():
    near = np.array([1.000005, 2.0])
    assert difference([1.0, 2.0], near) is Difference.VALUE
    assert difference([1.0, 2.0], near.astype(np.float32)) is None
    assert difference([1.0, 2.0], near.astype(np.complex64), kinds=False) is None
    assert difference([1.0, 2.0], near.astype(np.float32), precision=Precision.ONLY_DOUBLE) is Difference.VALUE
    assert difference([1.0, 2.0], np.array([1.00005, 2.0], np.float32)) is Difference.VALUE
    assert difference([1.0, 0.0], np.array([1.0, 9e-8], np.float32)) is None
    assert difference([1.0, 0.0], np.array([1.0, 2e-7], np.float32)) is Difference.VALUE


@pytest.mark.parametrize(
    ("expected", "accepted"),
    [(1.0, "fiub"), (1 + 0j, "cfiub"), (1, "iu"), (np.uint8(1), "iu"), (True, "fiub")],
)
def test_which_kinds_of_number_pass_for_which(expected, accepted):
    """Integers and booleans pass for floats where they are equal, and for booleans 0 and 1 do."""
    ones = {"c": 1 + 0j, "f": 1.0, "i": 1, "u": np.uint64(1), "b": True}
    for kind, one in ones.items():
        assert difference(expected, one) is (None if kind in accepted else Difference.DTYPE)
        assert difference(expected, one, kinds=False) is None


def test_a_mask_may_be_of_zeros_and_ones_and_of_nothing_else():
    for ones in ([0, 1, 1], [0.0, 1.0, 1.0], np.array([0, 1, 1], np.float32)):
        assert difference([False, True, True], ones) is None
    for other in ([0, 1, 2], [0.0, 1.0, 0.5], [1, 0, 0], [0.0, 1.0, 1e-9], [0.0, 1.0, -1.0]):
        assert difference([False, True, True], other) is Difference.VALUE


def test_an_integer_in_place_of_a_float_is_wrong_where_it_truncates():
    assert difference([0.5, 1.0], [0, 1]) is Difference.VALUE


def test_whole_numbers_are_exact():
    """A size off by one is wrong, however large; and no conversion to float rounds the difference away."""
    assert difference(10**9, 10**9 + 1) is Difference.VALUE
    assert difference(2**62, 2**62 + 1) is Difference.VALUE
    assert difference((10**7, 3), (10**7 + 1, 3)) is Difference.VALUE
    assert difference(np.uint64(2**63), np.int64(-(2**63))) is Difference.VALUE


def test_complex_parts_both_count():
    assert difference(1 + 1j, 1 + 1.1j) is Difference.VALUE
    assert difference(1 + 1j, 1 + (1 + 1e-8) * 1j) is None
    assert difference(1.0, 1 + 1j, kinds=False) is Difference.VALUE


@pytest.mark.parametrize("odd", [np.nan, np.inf, -np.inf])
def test_nan_and_infinity_where_the_right_value_is_finite(odd):
    assert difference([1.0, 2.0], [odd, 2.0]) is Difference.NONFINITE
    assert difference([1.0, 2.0], [1.0, complex(2, odd)]) is Difference.DTYPE
    assert difference([1j, 2.0], [1j, complex(2, odd)]) is Difference.NONFINITE


def test_nan_and_infinity_where_they_are_right():
    expected = [np.nan, np.inf, -np.inf, 1.0]
    assert difference(expected, expected) is None
    for got in ([0, np.inf, -np.inf, 1.0], [np.nan, -np.inf, -np.inf, 1.0], [np.nan, 1e308, -np.inf, 1.0]):
        assert difference(expected, got) is Difference.VALUE


def test_an_infinite_entry_does_not_widen_the_tolerance_of_the_others():
    assert difference([np.inf, 1.0], [np.inf, 1.1]) is Difference.VALUE


def test_negative_zero_is_zero():
    assert difference([0.0, 1.0], [-0.0, 1.0]) is None
    assert difference(-0.0, 0) is None


def test_values_too_large_to_subtract_are_compared_quietly():
    assert difference(1e308, -1e308) is Difference.VALUE
    assert difference(np.array([1e308]), np.array([1e308])) is None


def test_empty_arrays_are_equal_by_shape():
    assert difference(np.zeros((0, 3)), np.zeros((0, 3))) is None
    assert difference(np.zeros((0, 3)), np.zeros((3, 0))) is Difference.SHAPE


@pytest.mark.parametrize(
    "rows",
    [[[1.0, 2.0], [3.0, 4.0]], ((1.0, 2.0), (3.0, 4.0)), [np.array([1, 2]), np.array([3, 4])], [(1, 2.0), [3, 4]]],
)
def test_nested_lists_and_tuples_of_numbers_pass_for_an_array(rows):
    assert difference(np.array([[1.0, 2.0], [3.0, 4.0]]), rows) is None


def test_ragged_rows_do_not_pass_for_an_array():
    assert difference(np.ones((2, 2)), [[1.0, 1.0], [1.0]]) is Difference.STRUCTURE


def test_a_tuple_of_integers_is_one_value():
    """A shape may come as a tuple, a list or an array; its length is a matter of structure."""
    for got in ((2, 3), [2, 3], np.array([2, 3])):
        assert difference((2, 3), got) is None
    assert difference((2, 3), (3, 2)) is Difference.VALUE
    assert difference((2, 3), (2, 3, 1)) is Difference.STRUCTURE
    assert difference((2, 3), (2.0, 3.0)) is Difference.DTYPE
    assert difference((2, 3), 6) is Difference.STRUCTURE


def test_lists_and_stacked_arrays_pass_for_a_tuple_of_arrays():
    expected = (np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    for got in ([*expected], np.array(expected), [[1.0, 2.0], [3.0, 4.0]]):
        assert difference(expected, got) is None
    assert difference(expected, expected[::-1]) is Difference.VALUE
    assert difference(expected, expected[:1]) is Difference.STRUCTURE
    assert difference(expected, {"a": 1}) is Difference.STRUCTURE
    assert difference(expected, 1.0) is Difference.STRUCTURE
    assert difference(expected, None) is Difference.TYPE


def test_dicts_are_compared_by_key():
    expected = {"dW": np.ones(2), "db": 1.0}
    assert difference(expected, {"db": 1.0, "dW": [1, 1]}) is None
    assert difference(expected, {"dW": np.ones(2)}) is Difference.STRUCTURE
    assert difference(expected, {**expected, "dx": 0.0}) is Difference.STRUCTURE
    assert difference(expected, (np.ones(2), 1.0)) is Difference.STRUCTURE
    mismatch = compare(pack(expected), pack({"dW": np.ones(2), "db": 2.0}))
    assert mismatch is not None
    assert mismatch.path == ("db",)


def test_the_path_names_the_place():
    mismatch = compare(pack((1.0, {"a": (np.ones(2), 2.0)})), pack((1.0, {"a": (np.ones(3), 2.0)})))
    assert mismatch is not None
    assert (mismatch.kind, mismatch.path) == (Difference.SHAPE, ("1", "a", "0"))


@pytest.mark.parametrize("got", [None, "text", {1, 2}, b"x", np.array([None])])
def test_what_is_no_number_is_another_type(got):
    assert difference(1.0, got) is Difference.TYPE
    assert difference(np.ones(2), got) is Difference.TYPE


def test_text_is_compared_as_text():
    assert difference("yes", "yes") is None
    assert difference("yes", "Yes") is Difference.VALUE
    assert difference("1", 1) is Difference.TYPE


def test_form_looks_past_wrong_values():
    """Also past those of an earlier part: an own judge must never be given a wrong shape."""
    assert form(pack(np.ones(2)), pack(np.zeros(2))) is None
    assert form(pack(("a", 1.0)), pack(("b", 2.0))) is None
    found = form(pack((1.0, np.ones(2))), pack((2.0, np.ones(3))))
    assert found is not None
    assert found.kind is Difference.SHAPE
    found = form(pack(np.ones(2)), pack(np.array([5.0, np.nan])))
    assert found is not None
    assert found.kind is Difference.NONFINITE


@given(ANY, ANY)
def test_conform_changes_notation_alone(expected, got):
    """A value already written as expected stays as it is, and conforming twice is conforming once."""
    wanted, value = pack((expected, {"x": expected})), pack([got, {"x": got.tolist()}])
    once = conform(wanted, value)
    assert conform(wanted, once) == once
    assert conform(pack(expected), pack(got)) == pack(got)


@given(ANY, ANY)
def test_widening_changes_types_alone(expected, got):
    """The same numbers in the same form, in a type that holds the expected ones as well; integers stay integers."""
    wanted, value = pack((expected, {"x": expected})), pack((got, {"x": got}))
    as_asked = widened(wanted, value)
    assert isinstance(as_asked, Tuple)
    array, named = as_asked.items
    assert named == Mapping({"x": array})
    assert isinstance(array, Array)
    wide = array.numpy()
    np.testing.assert_array_equal(wide, got)
    assert wide.shape == got.shape
    if got.dtype.kind in "iu" and expected.dtype.kind in "iu":
        assert wide.dtype.kind in "iu"
    else:
        assert np.can_cast(expected.dtype, wide.dtype)
    assert compare(wanted, value) is None or compare(wanted, as_asked) is not None


@given(st.data())
def test_rows_of_rows_are_put_together_as_numpy_would(data):
    """Of whatever depth and of mixed kinds, in lists and tuples."""
    leaf = data.draw(hnp.array_shapes(min_dims=0, max_dims=2, max_side=3))
    kinds = st.sampled_from(["<f8", "<i8", "|b1", "<f4"])

    def rows(depth):
        if not depth:
            return np.ones(leaf, data.draw(kinds))
        return [rows(depth - 1) for _ in range(2)]

    made = rows(data.draw(st.integers(1, 3)))
    value = conform(pack(np.zeros(3)), pack(tuple(made)))
    assert isinstance(value, Array)
    np.testing.assert_array_equal(value.numpy(), np.array(made))


@pytest.mark.parametrize(("entries", "wanted"), [(2**15, 3), (2**20, 2**21)])
def test_a_list_of_rows_is_an_array_where_it_may_be_right(entries, wanted):
    value = pack([np.zeros(entries), np.ones(entries)])
    assert isinstance(conform(pack(np.zeros(wanted)), value), Array)


def test_a_list_of_far_more_entries_than_can_be_right_is_not_copied():
    """It stays what it is, however often it is compared, and is wrong by its structure."""
    value = pack([np.zeros(2**16), np.ones(2**16)])
    assert conform(pack(np.zeros(3)), value) is value
    found = compare(pack(np.zeros(3)), value)
    assert found is not None
    assert found.kind is Difference.STRUCTURE


def test_conform_keeps_what_does_not_fit():
    assert conform(pack((1.0, 2.0)), Nothing()) == Nothing()
    assert conform(pack((1.0, 2.0)), pack(np.ones(3))) == pack(np.ones(3))
    assert conform(pack({"a": 1.0}), Mapping({"b": Text("x")})) == Mapping({"b": Text("x")})


@pytest.mark.slow
@given(ANY, ANY)
def test_what_a_narrower_result_can_hold_of_a_value_has_its_structure(value, by):
    """And is the value itself where the other holds as much."""
    nested, other = pack((value, {"a": value})), pack([by, {"a": by}])
    found = held(nested, other)
    assert compare(nested, found, kinds=False) is None or by.dtype in (np.float32, np.float16)
    assert held(nested, nested) == nested
    assert held(found, other) == found


def test_split_names_the_parts_by_key_or_by_place():
    expected = pack((np.ones((2, 2)), 1.0))
    assert split(expected, ["dW", "db"], pack([np.zeros((2, 2)), 3])) == {"dW": pack(np.zeros((2, 2))), "db": pack(3)}
    named = pack({"dW": 1.0, "db": 2.0})
    assert split(named, ["dW", "db"], pack({"db": 4.0, "dW": 3.0})) == {"dW": pack(3.0), "db": pack(4.0)}


@pytest.mark.parametrize("got", [1.0, None, (1.0,), (1.0, 2.0, 3.0), {"a": 1.0, "c": 2.0}, {"a": 1.0}])
def test_split_gives_nothing_for_another_structure(got):
    assert split(pack((1.0, 2.0)), ["a", "b"], pack(got)) is None
    assert split(pack({"a": 1.0, "b": 2.0}), ["a", "b"], pack(got)) is None


NAMED_PARTS = st.lists(
    st.tuples(st.text(min_size=1, max_size=3), ANY), min_size=2, max_size=4, unique_by=lambda each: each[0]
)


@pytest.mark.slow
@given(NAMED_PARTS, st.randoms())
def test_named_parts_in_a_tuple_a_list_or_a_dict_in_any_order_are_one_answer(named, random):
    names, values = [name for name, _ in named], [value for _, value in named]
    shuffled = dict(random.sample(named, len(named)))
    for expected in (tuple(values), dict(named)):
        for got in (tuple(values), values, dict(named), shuffled):
            found = arranged(pack(expected), names, pack(got))
            assert compare(pack(expected), found) is None
            assert arranged(pack(expected), names, found) == found


@pytest.mark.slow
@given(NAMED_PARTS)
def test_without_their_names_parts_in_a_dict_and_in_a_tuple_are_two_answers(named):
    values = tuple(value for _, value in named)
    assert arranged(pack(dict(named)), (), pack(values)) == pack(values)
    assert arranged(pack(values), (), pack(dict(named))) == pack(dict(named))


def test_parts_that_are_integers_are_parts_and_no_shape():
    for got in ((2, 3), [2, 3], np.array([2, 3]), {"b": 3, "a": 2}):
        assert compare(pack({"a": 2, "b": 3}), arranged(pack({"a": 2, "b": 3}), ("a", "b"), pack(got))) is None


@pytest.mark.parametrize("got", [{"a": 1.0}, {"a": 1.0, "c": 2.0}, {"a": 1.0, "b": 2.0, "c": 3.0}, (1.0,), 1.0, None])
def test_other_parts_stay_as_they_are(got):
    assert arranged(pack((1.0, np.ones(2))), ("a", "b"), pack(got)) == pack(got)
    assert arranged(pack({"a": 1.0, "b": np.ones(2)}), ("a", "b"), pack(got)) == pack(got)
