"""What is shown below a public example that is not right; a child's word about itself is held to its form."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.judging.judge import judge
from grader.reports.examples import LocalArray, examples_shown, local_arrays
from grader.wire.messages import Chunk, Raised, Returned, Stopped
from grader.wire.values import pack

PROGRAM = (Chunk("f.py", "def f(x):\n    y = x + 1\n    return y @ x\n"),)


def key(*, public: bool = True) -> AnswerKey:
    """F doubles an array of two numbers, and one of three."""
    cases = tuple(CaseKey(args=(pack(np.arange(n) + 1.0),), expected=pack(2 * np.arange(n) + 2.0)) for n in (2, 3))
    check = CheckKey(
        name="c", claim="doubles", public=public, function="f", points=1.0, parts={}, readonly=False, strict=False,
        judge="", driver="", keep=False, arguments=("x",), cases=cases,
    )  # fmt: skip
    return AnswerKey(exercise="f", misconceptions={}, hints=(), checks=(check,))


def shown(*outcomes, public: bool = True, arrays=()) -> list[str]:
    """What is shown below the check."""
    made = key(public=public)
    found = examples_shown(made, judge(made, [outcomes]), [outcomes], PROGRAM, {"c": arrays}, 80)
    return found.get("c", [])


RIGHT = Returned(pack(np.array([2.0, 4.0])))


def test_the_first_case_that_is_wrong_is_the_one_that_is_shown():
    """Both arrays, and the call as code."""
    lines = shown(RIGHT, Returned(pack(np.array([2.0, 4.0, 5.0]))))
    assert lines == [
        "expected (3,)    returned (3,)", "2  4  6          2  4  5*",
        "the call, to paste into Python:", "  import numpy as np", "  x = np.array([1.0, 2.0, 3.0])", "  f(x)",
    ]  # fmt: skip


def test_the_line_that_raised_is_shown_with_the_arrays_that_were_there():
    raised = Raised("ValueError", "shapes", chunk="f.py", line=3)
    lines = shown(
        raised, arrays=[LocalArray("x", "f.py", 1, "(2,)", "float64"), LocalArray("yy", "f.py", 2, "(2, 1)", "int64")]
    )
    assert lines[:4] == [
        "line 3 is: return y @ x", "its arrays on that call, by line:",
        "  line 1  x   (2,)    float64", "  line 2  yy  (2, 1)  int64",
    ]  # fmt: skip


def test_of_what_is_right_hidden_or_not_attempted_nothing_is_shown():
    assert shown(RIGHT, Returned(pack(np.array([2.0, 4.0, 6.0])))) == []
    assert shown(Stopped("time"), public=False) == []
    assert shown(Raised("NotImplementedError"), Raised("NotImplementedError")) == []


@given(st.text(max_size=300), st.integers())
def test_whatever_a_child_says_only_lines_that_there_are_and_plain_words_come_of_it(said, line):
    """No control character, no line of another file, no more than a few."""
    forged = (
        f"x\tf.py\t{line}\t(2,)\tfloat64\n{said}\ny\tg.py\t1\t(2,)\tfloat64\n" + "z\tf.py\t2\t(3, 4)\tfloat64\n" * 100
    )
    found = local_arrays(forged, PROGRAM)
    assert len(found) <= 30
    assert all(each.chunk == "f.py" and 0 < each.line <= 4 for each in found)
    assert all(text.isprintable() for each in found for text in (each.name, each.shape, each.dtype))
