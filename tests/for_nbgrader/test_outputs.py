"""The outputs of a judged cell: nbgrader's own rules read the exact score from them, whatever it is."""

from __future__ import annotations

import json
import math
import re

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET
from msgspec.structs import replace
from nbformat import reads, writes
from nbformat.v4 import new_code_cell, new_notebook
from nbgrader.preprocessors import LimitOutput
from nbgrader.utils import determine_grade

from grader.for_nbgrader.judging import Judged
from grader.for_nbgrader.pages.inert import inert
from grader.for_nbgrader.preprocessors.outputs import judged_in, judged_outputs, unjudged_output
from grader.judging.verdicts import CheckResult, Example, ExerciseResult, Told, Verdict
from grader.wire.values import Array, pack


def cell_with(outputs, points: float):
    cell = new_code_cell("x", outputs=outputs)
    cell.metadata["nbgrader"] = {"grade": True, "solution": False, "points": points, "grade_id": "checks-e"}
    return cell


def texts(data) -> list[str]:
    """What is read of an output, in HTML and as text."""
    return [data["text/html"], data["text/plain"]]


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
    for text in texts(judged_outputs(found, 5.0)[0].data):
        assert (f"The one change that makes it right: {reason}." in text) == bool(reason)
        assert ("not searched" in text) == bool(reason)


@pytest.mark.parametrize("letter", ["x", "\n", "é", "<"])
def test_bytes_are_capped(letter) -> None:
    outputs = judged_outputs(judged(2.0, letter * 1_000_000), 5.0)
    assert len(json.dumps(outputs, ensure_ascii=False).encode()) < 300_000
    assert "text/plain" in outputs[0].data


def test_points_for_words_are_left_to_the_person_who_gives_them() -> None:
    """So that it is true before and after a person has read them, whatever the points are."""
    judge, person = (
        CheckResult(name=name, claim=f"claim {name}", public=False, verdict=verdict, points=score, max_points=score + 1)
        for name, verdict, score in (("letter", Verdict.ACCEPTED, 3.0), ("words", Verdict.WRONG_ANSWER, 0.0))
    )
    data = judged_outputs(Judged(ExerciseResult.of("e", [judge, person]), 3.0, 3.0, 1.0, ("words",)), 3.0)[0].data
    for text in texts(data):
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


def test_what_nbgraders_pages_leave_of_the_form_has_marks_words_and_arrays_of_public_examples() -> None:
    """Their filter takes classes away: what is said does not depend on them. A check that is never to be seen is not there."""
    arrays = [pack(np.array([[1.0, 2.0]])), pack(np.array([[1.0, 2.5]]))]
    assert isinstance(arrays[0], Array)
    assert isinstance(arrays[1], Array)
    wrong = msgspec.structs.replace(
        judged(2.0, "f(x=1.0):\nis wrong").result.checks[0],
        example=Example(part="dW", expected=arrays[0], returned=arrays[1], wrong=(1,)),
    )
    waits = msgspec.structs.replace(wrong, name="d", example=UNSET, verdict=Verdict.NOT_ATTEMPTED, feedback="")
    unseen = msgspec.structs.replace(
        wrong, name="u", claim="secret", feedback="secret", visibility="hidden", example=UNSET
    )
    data = judged_outputs(Judged(ExerciseResult.of("e", [wrong, waits, unseen]), 2.0, 5.0, 0.0), 5.0)[0].data
    page = inert(data["text/html"])
    assert re.findall(r"<caption>(.*?)</caption>", page) == [
        "yours: dW (1, 2)",
        "right: dW (1, 2)",
        "difference (1, 2)",
    ]
    assert "<strong>2.5 ✗</strong>" in page
    assert "<code>f(x=1.0):</code>" in page
    assert "○ claims not attempted · public 0 / 1" in " ".join(re.sub(r"<[^>]*>", " ", page).split())
    assert "secret" not in json.dumps(data)
    for text in texts(data):
        assert "Other checks are not shown; they count as well." in text


def test_what_a_page_is_made_of_comes_back_from_a_notebooks_file() -> None:
    """Without what is for the instructor alone: groups, edits, faults."""
    arrays = [pack(np.array([[1.0, 2.0]])), pack(np.array([[1.0, 2.5]]))]
    assert isinstance(arrays[0], Array)
    assert isinstance(arrays[1], Array)
    found = judged(2.0, "two\nlines")
    check = msgspec.structs.replace(
        found.result.checks[0], group="secret", kept="secret", diagnosis=Told(way=4, sentence="one", edit="secret"),
        example=Example(part="dW", expected=arrays[0], returned=arrays[1], wrong=(1,)),
    )  # fmt: skip
    given = replace(found, result=ExerciseResult.of("e", [check], fault="secret"))
    file = writes(new_notebook(cells=[new_code_cell("", outputs=judged_outputs(given, 5.0))]))
    assert "secret" not in file
    (cell,) = reads(file, as_version=4).cells
    back = judged_in(cell.outputs)
    assert back == replace(
        given, result=ExerciseResult.of("e", [msgspec.structs.replace(check, group="", kept="", diagnosis=None)])
    )
    assert judged_in([unjudged_output()]) is None
