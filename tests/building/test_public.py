"""What is shipped of a key: the public checks, and the misconceptions that these tell from every other one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pytest

from grader.building.compiler import compile_exercise
from grader.building.public import public_key
from grader.building.release import render_hand_out, render_release
from grader.course.course_yml import load_course
from grader.judging.answer_key import encode_key
from grader.judging.judge import judge
from grader.wire import messages as wire
from grader.wire.values import pack, unpack
from repository import course_text, write_course

if TYPE_CHECKING:
    from pathlib import Path

    from grader.course.model import Course

REFERENCE = '''\
"""# A square

Return z*z: at 3 it is 9.
"""
### BEGIN SOLUTION
import numpy as np
### END SOLUTION


def sigmoid_grad(z):
    """Return z*z."""
    ### BEGIN SOLUTION
    return z * z
    ### END SOLUTION
'''
CHECKS = '''\
import numpy as np

from grader import check, misconception


@check(points=1, public=True)
def on_paper(rng):
    """squares 3 and 2"""
    yield 3.0
    yield np.array([2.0, 5.0])


@check(points=4.5)
def hidden_inputs(rng):
    """squares"""
    yield rng.normal(size=3)


@misconception
def doubled(z):
    """You doubled."""
    return 2 * z
'''


def course(tmp_path: Path, checks: str) -> Course:
    root = write_course(tmp_path / "course", course_text("activations/sigmoid_grad"))
    (root / "solutions/activations/sigmoid_grad.py").write_text(REFERENCE)
    (root / "solutions/activations/sigmoid_grad_checks.py").write_text(checks)
    return load_course(root)


def also(name: str, body: str, words: str = "Another.", decorator: str = "@misconception") -> str:
    return f'{CHECKS}\n\n{decorator}\ndef {name}(z):\n    """{words}"""\n    return {body}\n'


def told(tmp_path: Path, checks: str) -> list[str]:
    """The misconceptions that are shipped."""
    made = course(tmp_path, checks)
    return list(public_key(compile_exercise(made, made.exercises()[0])).misconceptions)


def test_a_public_key_holds_the_public_checks_and_what_the_hidden_ones_are_worth(tmp_path):
    made = course(tmp_path, CHECKS)
    whole = compile_exercise(made, made.exercises()[0])
    key = public_key(whole)
    assert [check.name for check in key.checks] == ["on_paper"]
    assert [case.args for case in key.checks[0].cases] == [case.args for case in whole.key.checks[0].cases]
    assert (key.points, key.hidden_points, whole.key.hidden_points) == (1.0, 4.5, 0.0)
    assert b"hidden_inputs" not in encode_key(key)


@pytest.mark.parametrize(
    ("body", "shipped"),
    [
        ("z + z + (0 if np.size(z) < 3 else z)", []),  # alike on all examples, and not on the hidden inputs
        ("2 * z * (1 + 1e-9)", []),  # within the tolerance
        ("2 * z + (np.size(z) > 1)", ["doubled", "other"]),
        ("float(z) * 2", []),  # no value for an array: nothing there tells it apart
        ("float(z) * 3", ["doubled", "other"]),
        ("z * z if np.size(z) < 3 else z", ["doubled"]),  # right on all examples
    ],
)
@pytest.mark.parametrize("hidden", [True, False])
def test_of_two_that_agree_on_the_examples_neither_is_shipped(tmp_path, body, shipped, hidden):
    """Whether the other one is hidden or not."""
    decorator = "@misconception(hidden=True)" if hidden else "@misconception"
    expected = [name for name in shipped if not (hidden and name == "other")]
    assert told(tmp_path, also("other", body, decorator=decorator)) == expected


def test_two_with_the_same_words_are_one(tmp_path):
    assert told(tmp_path, also("other", "z + z", words="You doubled.")) == ["doubled", "other"]


def test_one_that_overflows_alone_is_told_from_one_that_does_not(tmp_path):
    """Where a check lets floating-point errors raise, formulas may differ from the right one in these alone."""
    strict = CHECKS.replace("public=True)", 'public=True, errstate="raise")').replace("2 * z\n", "z * z * np.exp(800 - 0 * z) / np.exp(800 - 0 * z)\n")  # fmt: skip
    assert told(tmp_path / "alone", strict) == ["doubled"]
    second = '\n\n@misconception\ndef other(z):\n    """Other."""\n    return z * z + np.exp(900 + 0 * z) * 0\n'
    assert told(tmp_path / "two", strict + second) == []


def test_a_hidden_one_leaves_no_trace(tmp_path):
    """Not in the stubs, the examples, the README, the notebooks or the wheel: nor that there is one."""
    secret = also(
        "secretly_tripled", "3 * z + 918.5", words="A private remark.", decorator="@misconception(hidden=True)"
    )
    with_it = render_hand_out(course(tmp_path / "with", secret))
    without = render_hand_out(course(tmp_path / "without", CHECKS))
    assert with_it == without
    assert all(b"secretly_tripled" not in data and b"918.5" not in data for data in with_it.values())


def test_a_check_names_what_was_shipped_and_tells_facts_of_the_rest(tmp_path):
    for checks, words in ((CHECKS, True), (also("other", "z + z", decorator="@misconception(hidden=True)"), False)):
        made = course(tmp_path / str(words), checks)
        examples = render_release(made)["activations/sigmoid_grad.examples.json"]
        key = public_key(compile_exercise(made, made.exercises()[0]))
        assert msgspec.json.decode(examples)["misconceptions"] == key.misconceptions
        got = tuple(wire.Returned(pack(2 * np.asarray(unpack(case.args[0])))) for case in key.checks[0].cases)
        (result,) = judge(key, [got]).checks
        assert ("You doubled." in result.feedback) is words
        assert "returned 6.0, expected 9.0" in result.feedback
