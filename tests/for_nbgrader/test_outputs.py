"""The outputs of a judged cell: nbgrader's own rules read the exact score from them, whatever it is."""

from __future__ import annotations

import math
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbformat.v4 import new_code_cell
from nbgrader.preprocessors import LimitOutput
from nbgrader.utils import determine_grade

from grader.for_nbgrader.judging import Judged
from grader.for_nbgrader.preprocessors.outputs import judged_outputs, unjudged_output
from grader.judging.verdicts import CheckResult, ExerciseResult, Verdict


def cell_with(outputs, points: float):
    cell = new_code_cell("x", outputs=outputs)
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": points, "grade_id": "checks-e"}
    return cell


def judged(earned: float, feedback: str = "", claim: str = "claims") -> Judged:
    check = CheckResult(
        name="c", claim=claim, public=True, verdict=Verdict.WRONG_ANSWER, points=0.0, max_points=1.0, feedback=feedback
    )
    return Judged(ExerciseResult.of("e", [check]), earned, 5.0, 0.0)


@given(st.floats(), st.floats(0, 1e6))
def test_nbgrader_reads_the_score_clamped_and_zero_for_what_is_no_number(earned, points) -> None:
    score, most = determine_grade(cell_with(judged_outputs(judged(earned), points), points))
    wanted = min(max(earned, 0.0), points) if math.isfinite(earned) else 0.0
    assert (score, most) == (wanted, points)


def test_a_cell_that_is_not_judged_is_worth_nothing() -> None:
    assert determine_grade(cell_with([unjudged_output()], 5.0)) == (0, 5.0)


@given(st.text())
def test_what_is_said_is_escaped_and_changes_no_score(text) -> None:
    cell = cell_with(judged_outputs(judged(2.0, text, text), 5.0), 5.0)
    cell, _ = LimitOutput().preprocess_cell(cell, {}, 0)
    assert determine_grade(cell)[0] == 2.0
    assert "<script" not in cell.outputs[0].data["text/html"]


@pytest.mark.parametrize("reason", ["not searched: 20 seconds were too short", ""])
def test_a_search_that_was_cut_off_is_told_in_every_form(reason: str) -> None:
    """And of one that was not, or was not due, nothing is said."""
    found = judged(2.0)
    found = replace(found, result=msgspec.structs.replace(found.result, not_searched=reason))
    for text in judged_outputs(found, 5.0)[0].data.values():
        assert (f"The one change that makes it right: {reason}." in text) == bool(reason)
        assert ("not searched" in text) == bool(reason)


@pytest.mark.parametrize("letter", ["x", "\n", "é", "<"])
def test_bytes_are_capped(letter) -> None:
    outputs = judged_outputs(judged(2.0, letter * 1_000_000), 5.0)
    assert sum(len(text.encode()) for output in outputs for text in output.data.values()) < 250_000
    assert "text/plain" in outputs[0].data


def test_points_for_words_are_left_to_the_person_who_gives_them() -> None:
    """So that it is true before and after a person has read them, whatever the points are."""
    judge, person = (
        CheckResult(name=name, claim=f"claim {name}", public=False, verdict=verdict, points=score, max_points=score + 1)
        for name, verdict, score in (("letter", Verdict.ACCEPTED, 3.0), ("words", Verdict.WRONG_ANSWER, 0.0))
    )
    data = judged_outputs(Judged(ExerciseResult.of("e", [judge, person]), 3.0, 3.0, 1.0, ("words",)), 3.0)[0].data
    for text in data.values():
        assert "3 of 3 points" in text
        assert "up to 1 more for your words: a person reads them and gives these points" in text.replace("Up", "up")
        assert "(accepted)" in text
        assert "wrong answer" not in text
        assert "0 / 1" not in text
        assert "claim words" in text
        assert "for a person to say" in text


def test_both_forms_say_the_same() -> None:
    data = judged_outputs(judged(2.0, "two <sentences>"), 5.0)[0].data
    for word in ("2 of 5 points", "claims", "wrong answer"):
        assert word in data["text/plain"]
        assert word in data["text/html"]
    assert "two <sentences>" in data["text/plain"]
    assert "two &lt;sentences&gt;" in data["text/html"]
