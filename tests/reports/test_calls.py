"""A call as code: pasted into Python, it gives the function the very inputs that the example has."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.judging.answer_key import CaseKey, CheckKey
from grader.reports.calls import call_code
from grader.wire.values import Code, Value, pack, unpack


def code(*args: Value, driver: str = "", readonly: bool = False, strict: bool = False) -> str:
    """The call of f with these arguments."""
    check = CheckKey(
        name="c", claim="is right", public=True, function="f", points=1.0, parts={}, readonly=readonly, strict=strict,
        judge="", driver=driver, keep=False, arguments=("x", "y"), cases=(),
    )  # fmt: skip
    return "\n".join(call_code(check, CaseKey(args=args, expected=pack(0.0))))


def pasted(text: str) -> list[tuple]:
    """What f was called with, where the code stands below it."""
    called: list[tuple] = []

    def f(*arguments: object) -> int:
        called.append(arguments)
        return 0

    exec(text, {"f": f})  # noqa: S102  the point
    return called


numbers = st.one_of(
    st.floats(), st.integers(-(2**62), 2**62), st.booleans(), st.complex_numbers(), st.text(max_size=20), st.none()
)
arrays = hnp.arrays(
    st.sampled_from([np.float64, np.float32, np.int64, np.int32, np.bool_, np.complex128]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
things = st.recursive(
    st.one_of(numbers, arrays),
    lambda each: st.one_of(st.lists(each, max_size=3), st.tuples(each, each), st.dictionaries(st.text(max_size=5), each, max_size=3)),
    max_leaves=6,
)  # fmt: skip


@given(things, things)
def test_pasted_code_gives_the_same_inputs(one, other):
    """Those that the child is given: shapes, types, signs of zero, nan and inf among them, as Python shows all of it."""
    sent = pack(one), pack(other)
    ((x, y),) = pasted(code(*sent))
    assert repr((x, y)) == repr(tuple(map(unpack, sent)))


def test_a_function_comes_with_its_source_and_a_driver_makes_the_calls():
    """Without what a type checker alone reads."""
    source = 'def cube(z: "Array") -> "Array":\n    """Return z to the third."""\n    return z**3\n'
    text = code(Code(source), pack(np.array([1.0, 2.0])), driver="def twice(g: Callable[..., Any], h, y) -> Any:\n    return g(h, y), g(h, y)\n")  # fmt: skip
    assert "def cube(z):\n    return z ** 3\nx = cube\ny = np.array([1.0, 2.0])\n" in text
    assert text.endswith("twice(f, x, y)")
    assert [x(y).tolist() for x, y in pasted(text)] == [[1.0, 8.0]] * 2


def test_what_the_check_asks_of_the_call_holds_for_the_pasted_one():
    before = np.geterr()
    try:
        ((x,),) = pasted(code(pack(np.array([1.0, 0.0])), readonly=True, strict=True))
        assert not x.flags.writeable
        with pytest.raises(FloatingPointError):
            x / 0
    finally:
        np.seterr(**before)


def test_nobody_pastes_a_page_of_numbers():
    assert code(pack(np.zeros((20, 20)))) == ""
    assert code(pack("x" * 5000)) == ""
    assert code(pack(object())) == ""
