"""What is seen of texts that others wrote: in JSON that people read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.names import is_unseen
from grader.shown_json import shown_json


@given(st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False, allow_infinity=False) | st.none()))
def test_json_says_the_same_and_holds_no_letter_that_is_not_seen(thing: dict[str, object]) -> None:
    said = shown_json(thing)
    assert json.loads(said) == thing
    assert not any(map(is_unseen, said.decode().replace("\n", "")))


@pytest.mark.parametrize("letter", ["\x9b", "\x7f", "\u202e", "\u200b", "\ufe0f", "\U000e0001"])
def test_a_letter_that_drives_a_terminal_or_turns_a_line_round_is_escaped_in_json(letter: str) -> None:
    assert json.loads(shown_json([letter])) == [letter]
    assert letter not in shown_json([letter]).decode()
    assert shown_json(["é 学"]).decode() == '[\n  "é 学"\n]\n'
