"""What came of a check, as a page of somebody else's shows it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from grader.judging.verdicts import Verdict
from grader.reports.summary import summary
from reports import result


def test_each_exercise_has_a_line_and_the_first_wrong_check_of_each_that_was_tried_is_told() -> None:
    results = [
        result("manual_jacobian", 2.0), result("sigmoid_grad", 0.5, feedback="one thing\nanother"),
        result("newton_step", verdict=Verdict.NOT_ATTEMPTED),
    ]  # fmt: skip
    page = summary(results, {"manual_jacobian": 3.0}, ["relu_grad"])
    assert "| manual\\_jacobian | accepted | 2 of 2 | 3 |" in page
    assert "| newton\\_step | not attempted | 0 of 4 | 0 |" in page
    assert "| relu\\_grad | not checked: a package is not installed | | |" in page
    assert page.endswith("**sigmoid\\_grad**: gives numbers\n\n> one thing\n> another\n\n")


@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_nothing_that_is_told_is_markup(text: str) -> None:
    """A message may hold a student's own text; Markdown's letters come with a backslash, and no line begins anew."""
    told = summary([result("manual_jacobian", 0.5, feedback=text)], {}).partition("**: gives numbers\n\n")[2]
    assert all(line.startswith("> ") for line in told.splitlines() if line)
    assert not re.search(r"(?<!\\)[<`*|&@~$]", told.replace("\\\\", ""))
