"""Solutions cut into stubs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.building.stub import functions_asked, make_stub
from grader.course.course_yml import load_course
from grader.errors import CourseError
from grader.grading.keys import Keys
from repository import ROOT, write_course

if TYPE_CHECKING:
    from collections.abc import Sequence


SOLUTION = '''\
"""The logistic function."""

import numpy as np


### BEGIN SOLUTION
import math


def helper(z):
    return math.exp(z)


### END SOLUTION


def sigmoid(z: float) -> float:
    """1 / (1 + exp(-z))."""
    ### BEGIN SOLUTION
    secret = helper(-z)

    return 1 / (1 + secret)
    ### END SOLUTION


def sigmoid_grad(z):
    s = sigmoid(z)
    # Multiply what?
    if z:
        ### BEGIN SOLUTION
        s = s * (1 - s)
        ### END SOLUTION
    return s
'''

STUB = '''\
"""The logistic function."""

import numpy as np


def sigmoid(z: float) -> float:
    """1 / (1 + exp(-z))."""
    raise NotImplementedError


def sigmoid_grad(z):
    s = sigmoid(z)
    # Multiply what?
    if z:
        raise NotImplementedError
    return s
'''


def test_each_region_becomes_a_raise_at_its_indentation_and_helpers_vanish() -> None:
    """Everything outside the regions is kept as it is; a region at column 0 leaves no trace."""
    assert make_stub(SOLUTION, "s.py") == STUB


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_a_stub_has_unix_newlines_whatever_the_solution_has(newline: str) -> None:
    """The release is the same from a checkout with other line ends."""
    assert make_stub(SOLUTION.replace("\n", newline), "s.py") == STUB


def test_a_stub_ends_with_one_newline() -> None:
    """Neither none nor blank lines at the end, also where the solution ends with helpers."""
    helpers = "\n\n### BEGIN SOLUTION\nunits = 3\n### END SOLUTION\n\n\n"
    assert make_stub(SOLUTION + helpers, "s.py") == STUB
    assert make_stub(SOLUTION.rstrip(), "s.py") == STUB


@pytest.mark.parametrize(
    ("before", "after", "left"), [(0, 2, 2), (1, 2, 2), (2, 2, 2), (2, 1, 2), (2, 0, 2), (0, 0, 0)]
)
def test_helpers_leave_no_gap(before: int, after: int, left: int) -> None:
    """The longer of the two runs of blank lines around a region at column 0 stays."""
    helpers = "### BEGIN SOLUTION\nunits = 3\n### END SOLUTION\n"
    solution = "a = 1\n" + "\n" * before + helpers + "\n" * after + "b = 2\n"
    assert make_stub(solution, "s.py") == "a = 1\n" + "\n" * left + "b = 2\n"
    assert make_stub(helpers + "\n" * after + "b = 2\n", "s.py") == "b = 2\n"


def test_comments_of_another_indentation_do_not_move_the_raise() -> None:
    """The code in the region says how far it is indented, not the markers or comments."""
    solution = "def f(x):\n### BEGIN SOLUTION\n  # a note\n\n    return x\n        ### END SOLUTION\n"
    assert make_stub(solution, "s.py") == "def f(x):\n    raise NotImplementedError\n"


FAULTS = {
    "END without BEGIN": ("x = 1\n### END SOLUTION\n", 2, "without a `### BEGIN SOLUTION`"),
    "second END": ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n### END SOLUTION\n", 4, "without a `### BEGIN"),
    "BEGIN without END": ("y = 1\n### BEGIN SOLUTION\nx = 1\n", 2, "without an `### END SOLUTION`"),
    "nested": ("### BEGIN SOLUTION\nx = 1\n### BEGIN SOLUTION\n### END SOLUTION\n", 3, "begun in line 1"),
    "no region": ("x = 1\n", None, "no solution region"),
    "nothing at all": ("", None, "no solution region"),
    "code before BEGIN": ("x = 1  ### BEGIN SOLUTION\nx = 2\n### END SOLUTION\n", 1, "comment line of its own"),
    "code before END": ("### BEGIN SOLUTION\nx = 2  ### END SOLUTION\n", 2, "comment line of its own"),
    "text after BEGIN": ("### BEGIN SOLUTION x = 2\nx = 2\n### END SOLUTION\n", 1, "comment line of its own"),
    "misspelt": ("###BEGIN SOLUTION\nx = 1\n## end solution\n", 1, "exactly `### BEGIN SOLUTION`"),
    "underscore": ("### BEGIN_SOLUTION\nx = 1\n### END_SOLUTION\n", 1, "exactly `### BEGIN SOLUTION`"),
    "in a string": ('x = """\n### BEGIN SOLUTION\ny\n### END SOLUTION\n"""\n', 2, "comment line of its own"),
    "END in a string": ('### BEGIN SOLUTION\nx = """\n### END SOLUTION\n"""\n', 3, "comment line of its own"),
    "empty": ("def f():\n    ### BEGIN SOLUTION\n    ### END SOLUTION\n    return 1\n", 2, "nothing in it"),
    "comments alone": ("def f():\n    ### BEGIN SOLUTION\n\n    # todo\n    ### END SOLUTION\n    g\n", 2, "nothing in it"),
    "not Python": ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION\ny = = 2\n", 4, "the solution is not valid Python"),
    "lone surrogate": ("### BEGIN SOLUTION\nx = '\ud800'\n### END SOLUTION\n", None, "the solution is not valid Python"),
    "NUL": ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n\0", None, "the solution is not valid Python"),
    "half a bracket": (
        "def f():\n    ### BEGIN SOLUTION\n    x = [\n    ### END SOLUTION\n    1]\n", 5, "without its solution regions"
    ),
    "inside a bracket": (
        "\n\nx = [\n    1,\n    ### BEGIN SOLUTION\n    2,\n    ### END SOLUTION\n]\n", 5, "without its solution regions"
    ),
    "binding of a nonlocal": (
        "def f():\n    ### BEGIN SOLUTION\n    x = 1\n    ### END SOLUTION\n    def g():\n        nonlocal x\n",
        6, "without its solution regions",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("solution", "line", "words"), FAULTS.values(), ids=FAULTS.keys())
def test_a_solution_that_cannot_be_cut_is_refused_by_line(solution: str, line: int | None, words: str) -> None:
    """Every fault is the course's, with the line of the solution where it is."""
    with pytest.raises(CourseError) as caught:
        make_stub(solution, "s.py")
    assert (caught.value.path, caught.value.line) == ("s.py", line)
    assert words in caught.value.problem


# One function: its own lines before the region, the secret lines, the lines after, and the indentation.
functions = st.tuples(
    st.integers(0, 3), st.integers(1, 3), st.integers(0, 3), st.sampled_from(["  ", "    ", "\t"]), st.booleans()
)


def program(shape: Sequence[tuple[int, int, int, str, bool]]) -> tuple[str, str]:
    """A solution of that shape, and the stub expected of it, put together side by side."""
    solution: list[str] = []
    stub: list[str] = []
    for number, (before, secret, after, indent, spaced) in enumerate(shape):
        head = [f"def f{number}():", *(f"{indent}before_{line} = {number}" for line in range(before))]
        inside = [line for k in range(secret) for line in [f"{indent}secret_{k} = {number}", *[""] * spaced]]
        tail = [f"{indent}after_{line} = {number}" for line in range(after)]
        solution += [*head, f"{indent}### BEGIN SOLUTION", *inside, f"{indent}### END SOLUTION", *tail]
        stub += [*head, f"{indent}raise NotImplementedError", *tail]
    return "\n".join(solution) + "\n", "\n".join(stub) + "\n"


@given(st.lists(functions, min_size=1, max_size=4))
def test_any_number_of_regions_is_cut_exactly(shape: list[tuple[int, int, int, str, bool]]) -> None:
    """The stub is the solution with each region replaced, line for line, and nothing secret is left."""
    solution, expected = program(shape)
    stub = make_stub(solution, "s.py")
    assert stub == expected
    assert "secret" not in stub


@given(st.lists(functions, min_size=1, max_size=4))
def test_a_stub_is_not_cut_again(shape: list[tuple[int, int, int, str, bool]]) -> None:
    """No marker survives: a stub taken for a solution is refused, not released."""
    with pytest.raises(CourseError, match="no solution region"):
        make_stub(make_stub(program(shape)[0], "s.py"), "s.py")


@given(st.lists(st.sampled_from([*SOLUTION.split("\n"), '"""', "x = [", "]"]), max_size=12))
def test_lines_in_any_order_give_a_stub_without_markers_or_a_course_error(lines: list[str]) -> None:
    """Whatever an author leaves half-edited, no marker gets out and no other error is raised."""
    try:
        stub = make_stub("\n".join(lines), "s.py")
    except CourseError:
        return
    assert "SOLUTION" not in stub


@pytest.mark.slow
def test_what_a_solution_leaves_open_is_what_its_checks_call() -> None:
    """So who looks for answers need not compile a key: of every exercise of the course."""
    course = load_course(ROOT)
    keys = Keys(course)
    for exercise in course.exercises():
        assert sorted(functions_asked(course, exercise)) == sorted(keys.of(exercise).functions)


@pytest.mark.parametrize(
    ("solution", "asked"),
    [
        ("def a():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\n\ndef given(): return 2\n", ("a",)),
        ("def a():\n    x = 1\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n", ("a",)),
        (
            "class A:\n    def f(self):\n        ### BEGIN SOLUTION\n        return 1\n        ### END SOLUTION\n",
            ("A",),
        ),
        ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n", ("relu_grad",)),
        ("no python", ("relu_grad",)),
        (None, ("relu_grad",)),
    ],
)
def test_what_is_asked_for_is_read_off_the_solution(tmp_path, solution, asked) -> None:
    """Also of a part of a function, or of a class; where nothing can be told the exercise's name is its function's."""
    text = "title: T\nseed: 7\nassignments:\n  - {id: activations, title: A, exercises: [relu_grad]}\n"
    course = load_course(write_course(tmp_path / "course", text))
    (exercise,) = course.exercises()
    path = course.reference(exercise)
    path.unlink()
    if solution is not None:
        path.write_text(solution)
    assert functions_asked(course, exercise) == asked
