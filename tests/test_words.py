"""What is said of many things names the first of them, and how many there are."""

from __future__ import annotations

import pytest

from grader.words import listed


@pytest.mark.parametrize(
    ("things", "text"), [([], ""), ([1], "1"), ([1, 2], "1, 2"), ([1, 2, 3], "1, 2, and 1 more"), (range(99), "0, 1, and 97 more")]
)  # fmt: skip
def test_as_many_are_named_as_are_to_be_and_the_others_counted(things, text):
    assert listed(things, 2, str) == text


def test_what_is_not_named_is_not_looked_at():
    """Of thousands of files each would be compared with every name of the course."""
    looked = []
    assert listed("abc", 1, lambda each: looked.append(each) or each.upper()) == "A, and 2 more"
    assert looked == ["a"]
