"""Lines of a check: folded as those of tables are, in the same colours, and plain where nobody sees any."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from grader.cli.lines import MARKS, Line, Output, folded_text, output
from grader.cli.screen import folded

WORDS = st.text(st.sampled_from("ab -é深e\u0301\U0001f600"), max_size=120)


@given(st.one_of(WORDS, st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=120)), st.integers(12, 60))
def test_a_text_is_folded_as_the_lines_of_tables_are(text: str, width: int) -> None:
    before = Line.of("  ✗ ", "red")
    found = list(folded_text(text, width, before, style="dim"))
    assert [line.plain for line in found] == [line.plain for line in folded(Text(text), width, Text(before.plain))]
    assert all(line.pieces[-1][1] == "dim" for line in found)


@pytest.mark.parametrize("style", ["", *dict.fromkeys(style for _, style in MARKS.values()), "bold green"])
def test_a_style_is_what_it_is_in_tables(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    shown = io.StringIO()
    Console(file=shown, force_terminal=True, color_system="standard").print(Text("f(x)", style), end="")
    codes = set(filter(None, shown.getvalue().partition("f(x)")[0].removeprefix("\x1b[").rstrip("m").split(";")))
    mine = Line.of("f(x)", style).coloured.partition("f(x)")[0]
    assert set(filter(None, mine.replace("\x1b[", "").replace("m", ";").split(";"))) == codes


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        ({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, False),
    ],
)  # fmt: skip
def test_a_pipe_has_colours_where_they_are_asked_for(environment, coloured, monkeypatch, capsys) -> None:
    for name in ("FORCE_COLOR", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    output().say(Line.of("right", "green"))
    assert ("\x1b[32m" in capsys.readouterr().out) is coloured


def test_what_moves_the_cursor_is_left_out(capsys) -> None:
    Output(40).fold("a\rb\b\x07c\x0b\x0c", "dim")
    Output(40).say(Line.of("d\re"))
    Output(40, quiet=True).fold("nothing")
    assert capsys.readouterr().out == "abc\nde\n"
