"""Counts in messages."""

from __future__ import annotations

import pytest

from grader.names import count_of


@pytest.mark.parametrize(("number", "told"), [(0, "0 wrong answers"), (1, "1 wrong answer"), (2, "2 wrong answers")])
def test_a_count_of_one_is_of_one_thing(number: int, told: str) -> None:
    assert count_of(number, "wrong answer") == told


@pytest.mark.parametrize(
    ("number", "told"), [(1.0, "1 point"), (0.5, "0.5 points"), (3.0, "3 points"), (0.0, "0 points")]
)
def test_points_have_decimals_as_far_as_they_matter(number: float, told: str) -> None:
    assert count_of(number, "point") == told
