"""What an author declares, and what an author is told who declares it wrongly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.course.checks import Check, Misconception, Oracle, check, derivative_of, misconception, oracle
from grader.errors import CourseError


def cases(rng):
    """Does what it should."""
    yield rng


def long(rng):
    yield rng


long.__doc__ = """
    does what
    it should

    This paragraph is for authors.
    """


def undocumented(rng):
    yield rng


def blank(rng):
    yield rng


blank.__doc__ = "   "


def test_a_check_takes_its_name_and_claim_from_the_function():
    declared = check(points=2)(long)
    assert declared == Check("long", "does what it should", long, 2.0)
    assert isinstance(declared.points, float)
    assert declared.line == long.__code__.co_firstlineno


def test_every_property_of_a_check_is_kept():
    def judge(returned):
        return returned

    def driver(function):
        return function()

    declared = check(points=1, public=True, function="f", judge=judge, driver=driver, readonly=True, errstate="raise", keep=True)(cases)  # fmt: skip
    assert (declared.public, declared.function, declared.judge, declared.driver) == (True, "f", judge, driver)
    assert (declared.readonly, declared.errstate, declared.keep) == (True, "raise", True)


def test_points_of_parts_add_up():
    declared = check(parts={"dW": 3, "db": 0.5})(cases)
    assert (declared.points, declared.parts) == (3.5, {"dW": 3.0, "db": 0.5})


def test_a_check_may_be_worth_nothing():
    assert check(points=0)(cases).points == 0
    assert check(parts={"dW": 0})(cases).points == 0


def refusal(declare, function):
    """The CourseError of a declaration, which names this file and the function's line."""
    with pytest.raises(CourseError) as caught:
        declare(function)
    line = function.__code__.co_firstlineno
    assert str(caught.value).startswith(f"{Path(__file__)}:{line}: ")
    assert (str(caught.value.path), caught.value.line) == (__file__, line)
    return caught.value.problem


def test_a_class_as_a_misconception_must_have_it_too():
    line = test_a_class_as_a_misconception_must_have_it_too.__code__.co_firstlineno + 4
    with pytest.raises(CourseError, match="the misconception 'Wrong' has no docstring") as caught:

        @misconception
        class Wrong:
            pass

    assert (str(caught.value.path), caught.value.line) == (__file__, line)


@pytest.mark.parametrize("function", [undocumented, blank])
@pytest.mark.parametrize(
    ("declare", "kind"),
    [(check(points=1), "check"), (misconception, "misconception"), (misconception(hidden=True), "misconception")],
)
def test_what_the_student_would_read_must_be_there(declare, kind, function):
    expected = f"the {kind} {function.__name__!r} has no docstring; write the line that the student reads"
    assert refusal(declare, function) == expected


@pytest.mark.parametrize("worth", [{}, {"points": 1, "parts": {"a": 1}}])
def test_a_check_has_either_points_or_parts(worth):
    assert refusal(check(**worth), cases) == "check 'cases' needs either points= or parts="


@pytest.mark.parametrize("worth", [{"points": -1}, {"parts": {"a": -1}}, {"parts": {"a": 5, "b": -1}}])
def test_points_are_never_negative(worth):
    """Not even those of one part that the others make up for."""
    assert refusal(check(**worth), cases) == "check 'cases' has negative points; a check is worth 0 or more"


@pytest.mark.parametrize("worth", ["2", True, float("nan"), float("inf"), 10**400])
def test_points_are_numbers(worth):
    """Text, nan and infinity would be added up to nothing that can be compared."""
    for declare in (check(points=worth), check(parts={"a": 1, "b": worth})):
        assert refusal(declare, cases) == (
            f"check 'cases' is worth {repr(worth)[:60]}: give a number of points, such as 2 or 0.5"
        )


@pytest.mark.parametrize("option", ["public", "readonly", "float64_only", "keep"])
def test_an_option_that_is_a_flag_takes_no_text(option):
    """Any text is true in Python: a check would be public whose author wrote that it is not."""
    options: dict[str, Any] = {option: "no"}
    problem = refusal(check(points=0, **options), cases)
    assert problem == f"check 'cases' has {option}='no': give True or False, without quotes"


@pytest.mark.parametrize(
    ("decorator", "given", "options", "problem"),
    [
        (check, (), {"points": 1, "errstate": "rais"}, """check 'cases' has errstate='rais': give "raise", or leave it out"""),
        (check, (), {"points": 1, "function": 3}, "check 'cases' has function=3: give a name, in quotes"),
        (check, (), {"parts": ["a"]}, """check 'cases' has parts=['a']: give a dict from names to points, such as {"dW": 3, "db": 2}"""),
        (misconception, (), {"hidden": "no"}, "misconception 'cases' has hidden='no': give True or False, without quotes"),
        (misconception, (), {"where": "z"}, "misconception 'cases' has where='z': give a function that is defined with `def`"),
        (oracle, (), {"function": 3}, "oracle 'cases' has function=3: give a name, in quotes"),
        (derivative_of, ("z",), {"upstream": 3}, "derivative 'cases by z' has upstream=3: give a name, in quotes"),
        (derivative_of, ("z",), {"at": 3}, "derivative 'cases by z' has at=3: give a function that is defined with `def`"),
    ],
)  # fmt: skip
def test_an_option_of_another_kind_is_told_with_what_to_write(decorator, given, options, problem):
    """Taken for what it is not, it would do something else without a word."""
    assert refusal(decorator(*given, **options), cases) == problem


@pytest.mark.parametrize("option", ["judge", "driver", "long_way"])
def test_an_option_that_takes_a_function_takes_no_name_of_one(option):
    """A name in quotes is a slip that is told where it stands."""
    options: dict[str, Any] = {option: "kills"}
    problem = refusal(check(points=1, **options), cases)
    assert problem == f"check 'cases' has {option}='kills': give a function that is defined with `def`"


def test_a_decorator_without_its_parentheses_says_what_to_write():
    assert refusal(check, cases) == "check 'cases' has no points: write @check(points=1), with parentheses"
    told = "derivative 'wrong' is by no argument: write @derivative_of('z')"
    assert refusal(derivative_of, wrong) == told


def wrong(z):
    return z


wrong.__doc__ = """You forgot
    the inner derivative.
    """


def test_a_misconception_is_declared_with_or_without_arguments():
    feedback = "You forgot the inner derivative."
    assert misconception(wrong) == Misconception("wrong", feedback, wrong)
    assert misconception(hidden=True, function="f")(wrong) == Misconception("wrong", feedback, wrong, hidden=True, function="f")  # fmt: skip


def test_an_oracle_needs_no_words():
    assert oracle(undocumented) == Oracle("undocumented", undocumented)
    assert oracle(function="f")(undocumented).function == "f"


@pytest.mark.parametrize(
    ("declare", "of"),
    [(derivative_of(), ""), (derivative_of("x", "y", at=lambda: 0.0), "x, y")],
    ids=["of nothing", "at one point of several"],
)
def test_a_derivative_is_of_one_argument_or_of_several_without_a_point(declare, of):
    assert refusal(declare, wrong) == f"derivative 'wrong by {of}' needs one argument, or several that the exercise has"


def test_declared_functions_stay_callable():
    rng = np.random.default_rng(0)
    assert list(check(points=1)(cases).cases(rng)) == [rng]
    assert misconception(wrong).answer(3) == 3
