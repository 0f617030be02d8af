"""Misconceptions that are broken, or that one case alone tells; no program is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.building.compiler import Compiled, compile_exercise
from grader.course.course_yml import load_course
from grader.errors import CourseError
from grader.verify.misconceptions import raising, seldom_seen, without_a_value
from one_exercise import HEAD, make, scalar

if TYPE_CHECKING:
    from pathlib import Path


def compiled(tmp_path: Path, checks: str, body: str = "return 2 * x", arguments: str = "x") -> Compiled:
    """A course of one exercise, compiled."""
    course = load_course(make(tmp_path, checks, body, arguments))
    return compile_exercise(course, course.exercises()[0])


def wrong(body: str) -> str:
    """A misconception."""
    return f'@misconception\ndef wrong(x):\n    """No."""\n    {body}\n'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return x + missing", "raises NameError at"),
        ("return missing if x > 1 else 3 * x", "raises NameError at"),
        ("return [][1]", "raises IndexError on all inputs at"),
        ("return 3 * x if x > 1 else [][1]", ""),
        ("return 3 * x", ""),
    ],
)
def test_a_misconception_that_is_broken_is_found_with_its_line(tmp_path: Path, body: str, told: str) -> None:
    """A wrong formula may raise on some inputs; a name that is not there is a slip of the author's."""
    checks = scalar(wrong(body), "1.0", "2.0")
    faults = list(raising(compiled(tmp_path, checks), tmp_path / "course"))
    assert len(faults) == bool(told)
    line = checks.splitlines().index(f"    {body}") + 1
    assert all(
        fault.startswith(f"misconception 'wrong' {told} solutions/first/gate_checks.py:{line}: ") for fault in faults
    )


@pytest.mark.parametrize(("body", "count"), [("3 * x", 1), ("if x > 1:\n        return 3 * x", 1), ("return 3 * x", 0)])
def test_a_misconception_without_its_return_is_found_with_its_line(tmp_path: Path, body: str, count: int) -> None:
    """Else whoever forgets theirs would be told that mistake."""
    made = compiled(tmp_path, scalar(wrong(body), "1.0", "2.0"))
    faults = list(without_a_value(made, tmp_path / "course"))
    assert len(faults) == count
    assert all(fault.endswith(" returns None in check 'numbers': is a `return` missing?") for fault in faults)
    assert all(fault.startswith("misconception 'wrong' at solutions/first/gate_checks.py:") for fault in faults)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("def __init__(self, x):\n        self.x = missing", "NameError at solutions/first/gate_checks.py:{line}: "),
        ("value = 3", "TypeError on all inputs: "),
    ],
)
def test_a_class_as_a_misconception_is_found_broken_too(tmp_path: Path, body: str, told: str) -> None:
    """Its line is one of a method's; a class without any has none."""
    driver = "\n\ndef made(c, x):\n    return c(x).x if isinstance(c, type) else c(x)\n"
    checks = scalar(f'@misconception\nclass wrong:\n    """No."""\n\n    {body}\n', "1.0")
    checks = checks.replace(HEAD, HEAD + driver).replace("(points=1", "(points=1, driver=made")
    (fault,) = raising(compiled(tmp_path, checks), tmp_path / "course")
    line = checks[: checks.index("self.x = missing")].count("\n") + 1 if "missing" in body else 0
    assert fault.startswith(f"misconception 'wrong' raises {told.format(line=line)}")


def test_one_that_only_overflows_is_not_broken(tmp_path: Path) -> None:
    """It raises in the check that asks for that, and is right elsewhere."""
    strict = '@check(points=1, errstate="raise")\ndef far(rng):\n    """far"""\n    yield np.float64(-1000.0)\n\n'
    made = compiled(tmp_path, scalar(strict + wrong("return 2 * x + 0 * np.exp(-np.float64(x))"), "1.0"))
    assert not list(raising(made, tmp_path))
    assert not list(seldom_seen(made.key))


@pytest.mark.parametrize(
    ("body", "cases", "count"),
    [
        ("return 3 * x", ("1.0",), 1),
        ("return 3 * x", ("1.0", "2.0"), 0),
        ("return 3 * x if x > 1 else [][1]", ("1.0", "2.0"), 1),
        ("return np.nan", ("1.0",), 0),
        ("return 3 * x", ("np.float32(1.0)",), 0),
        ("return 2 * x if x > 1 else 3 * x", ("1.0", "2.0"), 1),
    ],
)
def test_a_misconception_with_a_value_of_its_own_on_one_case_alone_is_found(
    tmp_path: Path, body: str, cases: tuple[str, ...], count: int
) -> None:
    """But where nan alone tells it, or float32 inputs do."""
    faults = list(seldom_seen(compiled(tmp_path, scalar(wrong(body), *cases)).key))
    assert len(faults) == count
    assert all(fault.startswith("misconception 'wrong' has a value of its own on one case alone") for fault in faults)


def test_a_function_without_inputs_has_one_case(tmp_path: Path) -> None:
    """As written answers have."""
    checks = scalar(wrong("return 3.0").replace("wrong(x)", "wrong()"), "()")
    assert not list(seldom_seen(compiled(tmp_path, checks, "return 2.0", "").key))


def test_a_judge_that_raises_is_told_with_its_own_line(tmp_path: Path) -> None:
    checks = f"""{HEAD}
def judge(returned, x):
    if x > 0:
        return None
    raise ValueError("no")

@check(points=1, public=True, judge=judge)
def numbers(rng):
    \"\"\"gives it\"\"\"
    yield -1.0
"""
    line = checks.splitlines().index('    raise ValueError("no")') + 1
    with pytest.raises(CourseError, match=f"gate_checks.py:{line}: check 'numbers' has a judge that raises ValueError"):
        compiled(tmp_path, checks)
