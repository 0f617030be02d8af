"""An answer as the instructor sees it: values whole, how they differ, the program with the lines that are cited."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.judging.answer_key import AnswerKey, CaseKey, CheckKey
from grader.judging.verdicts import CheckResult, ExerciseResult, Told, Verdict
from grader.reports.explanation import Answered, explained
from grader.wire.messages import Chunk, Raised, Returned, Stopped
from grader.wire.values import pack

PROGRAM = (Chunk("f.py", "def f(x):\n    y = x\n    return -y\n"),)
EDIT = "--- f.py\n+++ f.py\n@@ -2,2 +2,2 @@\n     y = x\n-    return -y\n+    return y"


def key(*expected: object, parts: tuple[str, ...] = ()) -> AnswerKey:
    cases = tuple(CaseKey(args=(pack(float(number)),), expected=pack(each)) for number, each in enumerate(expected, 1))
    check = CheckKey(
        name="values", claim="is right", public=False, function="f", points=2.0, parts=dict.fromkeys(parts, 1.0),
        readonly=False, strict=False, judge="", driver="", keep=False, arguments=("x",), cases=cases,
    )  # fmt: skip
    return AnswerKey(exercise="f", misconceptions={}, hints=(), checks=(check, check))


def told(key: AnswerKey, *outcomes: Any, diagnosis: Told | None = None, verdict=Verdict.WRONG_ANSWER, **options) -> list[str]:  # fmt: skip
    result = CheckResult(
        name="values", claim="is right", public=False, verdict=verdict, points=0.0, max_points=2.0, feedback="It is not.",
        diagnosis=diagnosis,
    )  # fmt: skip
    answered = Answered(result=ExerciseResult.of("f", [result, result]), outcomes=[outcomes, outcomes], program=PROGRAM)
    return list(explained(key, answered, **options))


def after(lines: list[str], words: str) -> list[str]:
    """The lines from the one that begins with some words."""
    return lines[next(number for number, line in enumerate(lines) if line.strip().startswith(words)) :]


def test_arrays_are_unfolded_and_a_dot_is_where_they_do_not_differ():
    lines = told(key(np.eye(3)), Returned(pack(np.eye(3) - [[0, 0.5, 0], [0, 0, 0], [0, 0, 2]])), check="values")
    assert after(lines, "case 1 of 1")[:14] == [
        "  case 1 of 1", "    x = 1.0", "    expected, shape (3, 3)", "        [[1., 0., 0.],", "         [0., 1., 0.],",
        "         [0., 0., 1.]]", "    returned, shape (3, 3)", "        [[ 1. , -0.5,  0. ],", "         [ 0. ,  1. ,  0. ],",
        "         [ 0. ,  0. , -1. ]]", "    difference, 2 of 9 entries are wrong", "        [[   ., -0.5,    .],",
        "         [   .,    .,    .],", "         [   .,    .,   -2]]",
    ]  # fmt: skip


def test_where_shapes_differ_entries_are_compared_in_order_or_counted():
    """So that a transpose is told from other values."""
    lines = told(key(np.array([1.0, 2.0])), Returned(pack(np.array([[1.0], [2.0]]))))
    (difference,) = (line for line in lines[: lines.index("", 8)] if "difference" in line)
    assert "0 of 2 entries are wrong, entry by entry in the order of memory" in difference
    lines = told(key(np.array([1.0, 2.0])), Returned(pack(np.zeros(3))))
    assert "    difference none: 3 entries, and 2 are asked" in lines


def test_parts_go_by_their_names_and_those_that_are_right_are_said_to_be():
    lines = told(key((1.0, np.zeros(2)), parts=("dW", "db")), Returned(pack((1.0, np.array([0.0, 1.0])))))
    assert after(lines, "x =")[1:5] == [
        "    dW is right", "    expected db, shape (2,) [0., 0.]", "    returned db, shape (2,) [0., 1.]",
        "    difference, 1 of 2 entries are wrong [., 1]",
    ]  # fmt: skip
    lines = told(key((1.0, np.zeros(2)), parts=("dW", "db")), Returned(pack("no")))
    assert after(lines, "returned")[0] == "    returned   'no'"


def test_lines_that_were_raised_at_or_are_edited_are_marked_and_an_edit_is_shown_once():
    diagnosis = Told(way=4, sentence="a sign", line=3, edit=EDIT)
    lines = told(key(1.0), Raised(kind="ValueError", message="no", chunk="f.py", line=2), diagnosis=diagnosis)
    assert after(lines, "f.py")[1:4] == ["       1  def f(x):", "  >    2      y = x", "  >    3      return -y"]
    assert "    raised     ValueError: no (f.py, line 2)" in lines
    assert [line for line in lines if "one edit" in line] == ["  one edit makes it right:", "  one edit makes it right: the one above"]  # fmt: skip
    assert [line.strip() for line in lines].count("+    return y") == 1


def test_of_a_check_the_first_wrong_case_is_shown_and_with_its_name_all_or_the_one_that_is_wanted():
    outcomes = Returned(pack(1.0)), Returned(pack(0.0)), Stopped("time", "after 3 s"), None
    cases = [line for line in told(key(1.0, 2.0, 3.0, 4.0), *outcomes) if "case" in line]
    assert cases == ["  case 2 of 4", "  wrong too: case 3, 4; --check values shows all, --case N one"] * 2
    every = told(key(1.0, 2.0, 3.0, 4.0), *outcomes, check="values")
    assert [line for line in every if "case" in line] == ["  case 2 of 4", "  case 3 of 4", "  case 4 of 4"] * 2
    assert ("    stopped    time after 3 s" in every, "    not run" in every) == (True, True)
    one = told(key(1.0, 2.0, 3.0, 4.0), *outcomes, check="values", case=1)
    assert after(one, "case")[:1] == ["  case 1 of 4, which is right"]
    assert "    difference none" in one


@pytest.mark.parametrize("check", ["", "values"])
def test_of_an_accepted_answer_nothing_is_shown_but_what_is_asked_for(check):
    lines = told(key(1.0), Returned(pack(1.0)), verdict=Verdict.ACCEPTED, check=check)
    assert len(lines) == 1 if not check else after(lines, "values (hidden): ACCEPTED")


def test_a_program_and_an_array_are_shown_as_far_as_they_can_be_looked_through():
    long = (Chunk("f.py", "x = 1\n" * 1000),)
    result = ExerciseResult.of("f", [CheckResult(name="values", claim="", public=False, verdict=Verdict.WRONG_ANSWER, points=0, max_points=1)] * 2)  # fmt: skip
    outcomes = [[Returned(pack(np.ones((100, 100))))]] * 2
    lines = list(explained(key(np.zeros((100, 100))), Answered(result=result, outcomes=outcomes, program=long)))
    assert any("... and 600 more lines" in line for line in lines)
    assert len(lines) < 500
