"""Names are inert in every cell, and no two of them share one."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grader.names import is_unseen, look, shown
from grader.reports.grades_csv import _SEPARATORS, _begins_with_a_break, _is_dangerous, inert

NAMES = st.text(st.one_of(st.sampled_from("='+-@;,| \u200b\ufeff\uff1da"), st.characters()), max_size=8)


def raw(cell: str) -> str:
    """The text that a cell was made of."""
    parts = _SEPARATORS.split(cell)
    if _begins_with_a_break(parts):
        parts[0] = parts[0][1:]
    return "".join(part[1:] if part[:1] == "'" and _is_dangerous(part[1:]) else part for part in parts)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("Lovelace, Ada-Maria", "Lovelace, Ada-Maria"),
        ("'t Hooft", "'t Hooft"),
        ("a=b", "a=b"),
        ("=eve", "'=eve"),
        ("'=eve", "''=eve"),
        (" =eve", " '=eve"),
        ("\u200b=eve", "'\u200b=eve"),
        ("\uff1deve", "'\uff1deve"),
        ("x;=eve", "x;'=eve"),
        ("x; =eve", "x; '=eve"),
        ("x =eve", "x '=eve"),
        ("x\t=eve", "x\t'=eve"),
        ("x\n@eve", "x\n'@eve"),
        ("O'Hara\nthe second", "O'Hara\nthe second"),
        ("\n=eve", "'\n'=eve"),
        ("x\u00a0+eve", "x\u00a0'+eve"),
        ("\u3164=eve", "'\u3164=eve"),
        ("\ufe66eve", "'\ufe66eve"),
        ("x,@eve", "x,'@eve"),
        ("x|-eve", "x|'-eve"),
        ("\teve", "'\teve"),
    ],
)
def test_a_formula_is_none_at_the_beginning_and_after_any_separator(name, cell):
    assert inert(name) == cell


@settings(max_examples=500)
@given(NAMES, NAMES)
@example("=eve", "'=eve")
@example("x;=", "x;'=")
def test_two_names_never_share_a_cell(one, other):
    assert raw(inert(one)) == one
    assert (inert(one) == inert(other)) is (one == other)


@given(st.text())
def test_what_is_shown_has_nothing_unseen_in_it(text):
    assert not any(map(is_unseen, shown(text)))
    assert (shown(text) == text) is not any(map(is_unseen, text))


def test_letters_of_any_script_are_shown_as_they_are():
    for name in ("Zo\u00eb \u0141uczak", "\u5b66\u751f", "\u0410\u043d\u043d\u0430", "\u0645\u062d\u0645\u062f"):
        assert shown(name) == name
    assert shown("a\u202eb\u200b\n") == "a\\u202eb\\u200b\\n"
    assert shown("a\u3164b\ufe0f") == "a\\u3164b\\ufe0f"


@given(st.text(), st.sampled_from(["\u200b", "\u202e", "\ufeff", "\u3164", "\ufe0f", "\u2800"]), st.integers(0, 20))
def test_what_is_not_seen_changes_no_look_and_every_name(name, unseen, place):
    other = name[:place] + unseen + name[place:]
    assert other != name
    assert look(shown(name)) == look(shown(look(shown(name))))
    assert inert(other) != inert(name)
    assert shown(other) != shown(name)


@pytest.mark.parametrize("other", ["ab\u200b", "AB", "\uff41b", " a b".replace(" b", "b"), "ab ", "a\u3164b"])
def test_names_of_one_look(other):
    assert look(other) == look("ab")
    assert look(other) != look("a b")
