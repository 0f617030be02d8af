"""What is said of many things names the first of them, and how many there are; of one it is said as of one."""

from __future__ import annotations

import pytest

from grader.words import count_of, listed


@pytest.mark.parametrize(
    ("things", "text"), [([], ""), ([1], "1"), ([1, 2], "1, 2"), ([1, 2, 3], "1, 2, and 1 more"), (range(99), "0, 1, and 97 more")]
)  # fmt: skip
def test_as_many_are_named_as_are_to_be_and_the_others_counted(things, text):
    assert listed(things, 2, str) == text


def test_what_is_not_named_is_not_looked_at():
    """Of thousands of files each would be compared with every name of the course."""
    looked: list[str] = []

    def named(each):
        looked.append(each)
        return each.upper()

    assert listed("abc", 1, named) == "A, and 2 more"
    assert looked == ["a"]


@pytest.mark.parametrize(("number", "told"), [(0, "0 wrong answers"), (1, "1 wrong answer"), (2, "2 wrong answers")])
def test_a_count_of_one_is_of_one_thing(number: int, told: str) -> None:
    assert count_of(number, "wrong answer") == told


@pytest.mark.parametrize(
    ("number", "told"), [(1.0, "1 point"), (0.5, "0.5 points"), (3.0, "3 points"), (0.0, "0 points")]
)
def test_points_have_decimals_as_far_as_they_matter(number: float, told: str) -> None:
    assert count_of(number, "point") == told
