"""Python objects to plain data and back: what crosses, what does not, and what a lying array is told."""

from __future__ import annotations

import copy
import math
import sys
from collections import OrderedDict, namedtuple
from types import MappingProxyType, ModuleType

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.wire import values
from grader.wire.functions import compiled
from grader.wire.values import Array, Code, List, Mapping, Nothing, Opaque, Text, Tuple, arrays, pack, parts, unpack

DTYPES = st.sampled_from(sorted(values.DTYPES))
ANY_ARRAY = DTYPES.flatmap(lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=4)))
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**63 - 1), st.floats(), st.text(max_size=5))
NESTED = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, inner), st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=12,
)


def same_bits(one, other):
    """Whether two arrays have one dtype, one shape and the same bytes (so that nan equals nan and 0.0 is not -0.0)."""
    return (one.dtype, one.shape, one.tobytes()) == (other.dtype, other.shape, other.tobytes())


@given(ANY_ARRAY)
def test_an_array_of_any_dtype_and_shape_survives_the_round_trip(array):
    packed = pack(array)
    assert isinstance(packed, Array)
    assert packed.problem() is None
    assert same_bits(packed.numpy(), array)
    assert np.shape(unpack(packed)) == array.shape


@given(ANY_ARRAY)
def test_byte_order_and_memory_order_do_not_matter(array):
    swapped = array.astype(array.dtype.newbyteorder(">"))
    assert pack(swapped) == pack(array)
    assert pack(array.copy(order="F")) == pack(array)


@given(ANY_ARRAY.filter(lambda array: array.ndim > 0))
def test_a_view_that_is_not_contiguous_is_packed_as_its_copy(array):
    for view in (array[::-1], array[::2], array.T):
        assert pack(view) == pack(view.copy())


@given(NESTED)
def test_packing_what_was_unpacked_gives_the_same_value(thing):
    """Notation may change once (a list of numbers becomes an array), but then it is settled."""
    packed = pack(thing)
    assert pack(unpack(packed)) == packed or any(math.isnan(a) for array in arrays(packed) for a in array.numpy().flat)


@given(NESTED)
def test_a_packed_value_survives_encoding(thing):
    packed = pack(thing)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(packed), type=values.Value) == packed


@pytest.mark.parametrize(
    ("thing", "dtype"),
    [
        (True, "|b1"),
        (3, "<i8"),
        (2**63, "<u8"),
        (0.5, "<f8"),
        (1j, "<c16"),
        (np.float16(1), "<f2"),
        (np.float32(1), "<f4"),
        (np.int8(1), "|i1"),
        (np.uint16(1), "<u2"),
        (np.complex64(1j), "<c8"),
        (np.bool_(False), "|b1"),  # noqa: FBT003  the numpy scalar
        (np.longdouble(1), "<f8"),
        (np.array(5, dtype=">i4"), "<i4"),
    ],
)
def test_a_number_is_an_array_of_no_dimensions(thing, dtype):
    packed = pack(thing)
    assert isinstance(packed, Array)
    assert (packed.dtype, packed.shape) == (dtype, ())
    assert unpack(packed) == thing


def test_long_complex_arrays_are_narrowed():
    assert pack(np.ones(2, np.clongdouble)) == pack(np.ones(2, np.complex128))


def test_negative_zero_infinity_and_nan_keep_their_bits():
    odd = np.array([-0.0, np.inf, -np.inf, np.nan])
    assert same_bits(unpack(pack(odd)), odd)


Gradients = namedtuple("Gradients", "dW db")  # noqa: PYI024  as students write it


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (None, Nothing()),
        ("a\x00é", Text("a\x00é")),
        (np.str_("text"), Text("text")),
        ((), Tuple(())),
        ({}, Mapping({})),
        ((1, "x"), Tuple((pack(1), Text("x")))),
        ({"a": 1, "b": None}, Mapping({"a": pack(1), "b": Nothing()})),
        (OrderedDict(a=1), Mapping({"a": pack(1)})),
        (MappingProxyType({"a": 1}), Mapping({"a": pack(1)})),
        ({3: "x"}, Mapping({"3": Text("x")})),
        (Gradients(1, 2), Tuple((pack(1), pack(2)))),
    ],
)
def test_each_kind_of_object_has_its_node(thing, expected):
    assert pack(thing) == expected


@pytest.mark.parametrize(
    "rows",
    [[], [1, 2], [[1, 2], [3, 4]], [[1.5], [2]], [[], []], [True, False], [np.float32(1), 2], [[[1]], [[2]]], [1j]],
)
def test_a_regular_list_of_numbers_is_an_array(rows):
    assert pack(rows) == pack(np.array(rows))


@pytest.mark.parametrize(
    "rows", [[[1, 2], [3]], [1, [2]], [[1, 2], [[1], [2]]], [[[1], [2]], [[1, 2], [3, 4]]], [[1], None], [np.str_("a")]]
)
def test_an_irregular_list_is_a_list_of_its_items(rows):
    assert pack(rows) == List(tuple(pack(row) for row in rows))


def test_a_list_of_arrays_keeps_them_apart():
    """[dW, db] are two parts even where their shapes agree."""
    packed = pack([np.zeros(2), np.ones(2)])
    assert isinstance(packed, List)
    assert len(packed.items) == 2


class Own:
    def __eq__(self, other):
        return True

    __hash__ = None  # type: ignore[assignment]  # as students write it


@pytest.mark.parametrize(
    ("thing", "name"),
    [
        (2**70, "int"),
        ([2**70], "list"),
        ([1, 2**70], "list"),
        (object(), "object"),
        ({1, 2}, "set"),
        (b"bytes", "bytes"),
        (range(3), "range"),
        (len, "builtin_function_or_method"),
        (np.array([None]), "numpy.ndarray of object"),
        (np.array(["text"]), "numpy.ndarray of str"),
        (np.array([b"text"]), "numpy.ndarray of bytes"),
        (np.array([(1,)], dtype=[("x", "i4")]), "numpy.ndarray of void"),
        (np.array(["2024-01-01"], dtype="M8[D]"), "numpy.ndarray of datetime64"),
        (np.ma.masked_array([1.0, 2.0], [True, False]), "numpy.ma.MaskedArray"),
        (np.datetime64("2024-01-01"), "numpy.datetime64"),
        (np.dtype("f8"), "numpy.dtypes.Float64DType"),
    ],
)
def test_what_has_no_plain_form_is_told_by_its_type(thing, name):
    assert pack(thing) == Opaque(name)


@pytest.mark.parametrize("numbers", [[1.5, 2], [[1, 2], [3.0, True]], [], 0.5, [1j, 2]])
def test_an_object_array_of_numbers_is_what_a_list_of_them_is(numbers):
    """np.frompyfunc and dtype=object make such; of anything else in one, its kind is told."""
    assert pack(np.array(numbers, dtype=object)) == pack(np.asarray(numbers))


@pytest.mark.parametrize("entry", [None, "text", [1.0], np.ones(2), 2**70])
def test_an_object_array_of_anything_else_is_none(entry):
    array = np.empty(2, dtype=object)
    array[0], array[1] = 1.0, entry
    assert pack(array) in (Opaque("numpy.ndarray of object"), Opaque("list"))


def test_an_object_of_a_students_class_is_only_a_name():
    packed = pack((Own(), 1))
    assert isinstance(packed, Tuple)
    assert isinstance(packed.items[0], Opaque)
    assert packed.items[0].name.endswith(".Own")


def test_subclasses_of_arrays_and_numbers_are_packed_as_their_base():
    class Mine(np.ndarray):
        __slots__ = ()

        def __eq__(self, other):
            return True

        __hash__ = None

    with pytest.warns(PendingDeprecationWarning):
        matrix = np.matrix([[1.0, 2.0]])
    assert pack(matrix) == pack(np.array([[1.0, 2.0]]))
    assert pack(np.zeros(3).view(Mine)) == pack(np.zeros(3))
    assert type(unpack(pack(np.zeros(3).view(Mine)))) is np.ndarray


def test_nesting_ends_at_the_limit():
    def nested(depth):
        thing: tuple[object, ...] = ()
        for _ in range(depth - 1):
            thing = (thing,)
        return thing

    def deepest(packed):
        while parts(packed):
            (packed,) = parts(packed)
        return packed

    assert deepest(pack(nested(values.MAX_DEPTH))) == Tuple(())
    assert deepest(pack(nested(values.MAX_DEPTH + 1))) == Opaque("tuple")
    circle: list[object] = []
    circle.append(circle)
    assert deepest(pack(circle)) == Opaque("list")


def test_readonly_arrays_cannot_be_made_writable():
    """Not by the flag, not through a view, not through the base: the bytes belong to nobody."""
    array = unpack(pack(np.arange(3.0)), readonly=True)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 7
    for candidate in (array, array.view(), array.base, array[:]):
        with pytest.raises(ValueError, match="WRITEABLE"):
            candidate.flags.writeable = True
    (inner,) = unpack(pack((np.ones(2),)), readonly=True)
    assert not inner.flags.writeable


def replaced(items):
    items[0] = 0


def summed(items):
    items += [4]


def unioned(items):
    items |= {"c": 4}


def deleted(items):
    del items[next(iter(items))]


@pytest.mark.parametrize(
    "change",
    [
        replaced, summed, lambda items: items.append(4), lambda items: items.extend([4]), lambda items: items.insert(0, 4),
        lambda items: items.pop(), lambda items: items.remove("a"), lambda items: items.clear(), lambda items: items.reverse(),
        lambda items: items.sort(), lambda items: items.__imul__(2), lambda items: items.__delitem__(0),
    ],
)  # fmt: skip
def test_a_readonly_list_cannot_be_changed_in_place(change):
    """By none of its methods; the error is in the words of numpy's for an array."""
    items = unpack(pack(["a", "b"]), readonly=True)
    with pytest.raises(ValueError, match="read-only"):
        change(items)
    assert items == ["a", "b"]


@pytest.mark.parametrize(
    "change",
    [
        lambda items: items.__setitem__("a", 4), deleted, unioned, lambda items: items.update(c=4), lambda items: items.setdefault("c", 4),
        lambda items: items.pop("a"), lambda items: items.popitem(), lambda items: items.clear(),
    ],
)  # fmt: skip
def test_a_readonly_dict_cannot_be_changed_in_place(change):
    items = unpack(pack({"a": 1, "b": 2}), readonly=True)
    with pytest.raises(ValueError, match="read-only"):
        change(items)
    assert items == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, list, lambda items: items[:], lambda items: items * 1, list.copy]
)
def test_copies_of_a_readonly_list_are_plain_lists(copied):
    items = copied(unpack(pack(["a", "b"]), readonly=True))
    items.append("c")
    assert (type(items), items) == (list, ["a", "b", "c"])


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, dict, lambda items: items | {}, dict.copy])
def test_copies_of_a_readonly_dict_are_plain_dicts(copied):
    items = copied(unpack(pack({"a": "b"}), readonly=True))
    items["c"] = "d"
    assert (type(items), items) == (dict, {"a": "b", "c": "d"})


def test_copies_are_writable_and_leave_the_value_alone():
    packed = pack({"x": np.arange(3.0)})
    unpack(packed)["x"][:] = 9
    assert unpack(packed)["x"].tolist() == [0, 1, 2]


def test_an_opaque_value_cannot_be_unpacked():
    with pytest.raises(TypeError, match="type set has no plain form"):
        unpack(Opaque("set"))


def test_code_is_compiled_with_numpy_at_hand():
    function = unpack(Code("def f(x: Unknown) -> Unknown:\n    return np.sum(x)\n"))
    assert function(np.ones(3)) == 3


def test_code_sees_no_globals_of_ours():
    with pytest.raises(NameError, match="pack"):
        compiled("def f():\n    return pack\n")()


@pytest.mark.parametrize(
    ("array", "problem"),
    [
        (Array("<f8", (2,), b"\0" * 16), None),
        (Array("<f8", (0, 2**40), b""), None),
        (Array("<f8", (2,), b"\0" * 15), "size"),
        (Array("<f8", (2,), b""), "size"),
        (Array("<f8", (), b""), "size"),
        (Array("<f8", (-1, -2), b"\0" * 16), "shape"),
        (Array("|b1", (1,) * 33, b"\0"), "shape"),
        (Array("<f8", (2**62, 0), b""), "size"),
        (Array("<f8", (2**32, 2**32), b""), "size"),
        (Array("<f8", (2**64,), b""), "size"),
        (Array("|O", (1,), b"\0" * 8), "dtype '|O'"),
        (Array("<U1", (1,), b"\0" * 4), "dtype '<U1'"),
        (Array(">f8", (1,), b"\0" * 8), "dtype '>f8'"),
        (Array("f8" * 50, (1,), b"\0" * 8), f"dtype {'f8' * 10!r}"),
        (Array("", (1,), b""), "dtype ''"),
    ],
)
def test_an_array_that_lies_says_so(array, problem):
    assert array.problem() == problem


@given(st.sampled_from(sorted(values.DTYPES)), st.lists(st.integers(-2, 2**65), max_size=4), st.binary(max_size=64))
def test_an_array_without_a_problem_can_be_viewed(dtype, shape, data):
    """Whatever the claims: the problem is named, or numpy takes them."""
    array = Array(dtype, tuple(shape), data)
    if array.problem() is None:
        assert array.numpy().shape == tuple(shape)


def test_parts_and_arrays_of_a_nested_value():
    packed = pack({"a": (1, [2.5, None]), "b": "x"})
    assert parts(packed) == (pack((1, [2.5, None])), Text("x"))
    assert parts(Text("x")) == parts(pack(1)) == ()
    assert list(arrays(packed)) == [pack(1), pack(2.5)]


@pytest.mark.slow
def test_torch_tensors_are_arrays():
    """Also those that want a gradient, are conjugate or negated views, or sparse."""
    torch = pytest.importorskip("torch")
    for tensor, array in [
        (torch.tensor(2.5), np.float32(2.5)),
        (torch.ones(2, 3, requires_grad=True), np.ones((2, 3), np.float32)),
        (torch.ones(2, dtype=torch.float64).requires_grad_() * 2, np.full(2, 2.0)),
        (torch.nn.Parameter(torch.ones(1)), np.ones(1, np.float32)),
        (torch.tensor([1j]).conj(), np.conj(np.array([1j], np.complex64))),
        (torch.tensor([1j]).conj().imag, np.array([-1], np.float32)),
        (torch.eye(3).to_sparse(), np.eye(3, dtype=np.float32)),
        (torch.arange(6).reshape(2, 3).T, np.arange(6).reshape(2, 3).T),
        (torch.tensor([True]), np.array([True])),
    ]:
        assert pack(tensor) == pack(array)
    assert pack([torch.ones(2), torch.ones(3)]) == pack([np.ones(2, np.float32), np.ones(3, np.float32)])
    with pytest.raises(TypeError, match="BFloat16"):
        pack(torch.ones(1, dtype=torch.bfloat16))


def test_a_numpy_ma_that_another_thread_is_importing_has_no_arrays_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Authors' checks run in several threads, and numpy imports it at its first use."""
    monkeypatch.setitem(sys.modules, "numpy.ma", ModuleType("numpy.ma"))
    assert pack(np.ones(2)) == pack([1.0, 1.0])
