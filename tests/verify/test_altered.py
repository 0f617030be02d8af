"""Altered inputs that make no difference on the checks; no program is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.building.alterations import alterations, names
from grader.building.compiler import Compiled, compile_exercise, load_module
from grader.course.checks import Check
from grader.course.course_yml import load_course
from grader.errors import CourseError
from grader.verify.altered import unseen
from one_exercise import make, scalar

if TYPE_CHECKING:
    from pathlib import Path

CUBE = "return np.asarray(x) ** 3"
SELDOM = "np.array([2.0, 3.0, 5.0]) * (1 if rng.uniform() < 0.9 else -1)"
"""Of a negative x in one of ten draws, and not in the check's own."""


def found(tmp_path: Path, checks: str, body: str = CUBE, arguments: str = "x") -> tuple[Compiled, list[str]]:
    """A course of one exercise, compiled, and what is wrong with it."""
    course = load_course(make(tmp_path, checks, body, arguments))
    (exercise,) = course.exercises()
    made, module = compile_exercise(course, exercise), load_module(course.checks(exercise))
    declared = {thing.name: thing for thing in vars(module).values() if isinstance(thing, Check)}
    return made, list(unseen(made, declared, course.seed))


def test_what_agrees_on_the_checks_and_not_on_other_draws_is_a_fault_of_the_checks(tmp_path: Path) -> None:
    """The sign of x is one that the checks have by luck."""
    _, faults = found(tmp_path, scalar("", SELDOM))
    told = [fault for fault in faults if "x taken without its sign" in fault]
    assert len(told) == 1
    assert told[0].startswith("the right gate with x taken without its sign passes the checks, and not other inputs")
    assert "{'x taken without its sign': None}" in told[0]


def test_what_agrees_on_all_draws_is_no_mistake(tmp_path: Path) -> None:
    """The square has no sign to lose, and inputs that are never negative show none."""
    assert not any("sign" in fault for fault in found(tmp_path, scalar("", SELDOM), "return np.asarray(x) ** 2")[1])
    (tmp_path / "other").mkdir()
    assert found(tmp_path / "other", scalar("", "np.array([2.0, 3.0, 5.0])"))[1] == []


def test_what_float32_makes_of_an_input_is_no_mistake(tmp_path: Path) -> None:
    """Numbers that float32 holds are in the checks by luck, and others are as right in float32."""
    cases = "np.array([0.5, 0.25, -2.0]) if rng.uniform() < 0.9 else rng.normal(size=3)"
    assert not any("float32" in fault for fault in found(tmp_path, scalar("", cases))[1])


def test_an_author_switches_an_alteration_off(tmp_path: Path) -> None:
    """It is not looked for, then: neither here nor in an answer."""
    made, faults = found(tmp_path, scalar('alterations = {"x taken without its sign": None}\n', SELDOM))
    assert not any("sign" in fault for fault in faults)
    assert not any("without its sign" in each.sentence for each in alterations(made, made.key, "gate"))
    assert "x taken without its sign" in names(made)


def test_an_author_has_better_words(tmp_path: Path) -> None:
    """They are the whole sentence, after the feedback where a misconception was altered."""
    claims = (
        'alterations = {"x taken with the opposite sign": "Mind the minus."}\n'
        '@misconception\ndef shifted(x):\n    """Add nothing."""\n    return np.asarray(x) ** 3 + 7\n'
    )
    made, faults = found(tmp_path, scalar(claims, "np.array([2.0, -3.0])"))
    sentences = {each.sentence for each in alterations(made, made.key, "gate")}
    assert {"Mind the minus.", "Add nothing.\nMind the minus."} <= sentences
    assert not any("opposite sign" in sentence for sentence in sentences)
    assert faults == []


def test_a_name_that_is_no_alteration_is_found(tmp_path: Path) -> None:
    _, faults = found(tmp_path, scalar('alterations = {"x taken with its sign": None}\n', "np.array([2.0, -3.0])"))
    assert faults == [
        "`alterations` lists 'x taken with its sign', which is none; did you mean 'x taken without its sign'?"
    ]


@pytest.mark.parametrize("declared", ["['x transposed']", "{'x transposed': ''}", "{1: None}"])
def test_another_form_of_the_declaration_is_refused(tmp_path: Path, declared: str) -> None:
    with pytest.raises(CourseError, match=r"gate_checks\.py: `alterations` is not a dict from an"):
        found(tmp_path, scalar(f"alterations = {declared}\n", "1.0"))


def test_inputs_that_fail_for_another_draw_are_found(tmp_path: Path) -> None:
    """And the other faults are told all the same."""
    cases = "np.array([2.0, 3.0]) * {True: 1}[rng.uniform() < 0.9]"
    assert found(tmp_path, scalar("", cases))[1] == ["other draws of the inputs of gate fail with KeyError: False"]
